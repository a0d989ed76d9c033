using System.Globalization;
using System.Text;

namespace Farwire.Client.Files;

/// <summary>Names in lines for a POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>A word that means itself, whatever is in it.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A pattern: <c>* ? [ ]</c> keep their meaning, all else means itself.</summary>
    public static string Pattern(string text)
    {
        var word = new StringBuilder();
        var plain = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !"*?[]-!".Contains(text[i], StringComparison.Ordinal))
            {
                continue;
            }

            if (i > plain)
            {
                word.Append(Quoted(text[plain..i]));
            }

            word.Append(i < text.Length ? text[i] : null);
            plain = i + 1;
        }

        return word.ToString();
    }

    /// <summary>A path from the home folder, when it begins with <c>~</c>.</summary>
    public static string WithHome(string path, Func<string, string> form) => path == "~" || path.Length == 0 ? "\"$HOME\""
        : path.StartsWith("~/", StringComparison.Ordinal) ? $"\"$HOME\"/{form(path[2..])}"
        : form(path);

    /// <summary>Seconds since 1970, as touch(1) reads them.</summary>
    public static string Time(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        return rest < 0
            ? string.Create(CultureInfo.InvariantCulture, $"@{seconds - 1}.{rest + TimeSpan.TicksPerSecond:D7}")
            : string.Create(CultureInfo.InvariantCulture, $"@{seconds}.{rest:D7}");
    }

    /// <summary>Reads what find(1) writes for <c>%T@</c>.</summary>
    public static DateTimeOffset ParseTime(string text)
    {
        var parts = text.Split('.');
        var seconds = long.Parse(parts[0], CultureInfo.InvariantCulture);
        var fraction = parts.Length > 1 ? long.Parse(parts[1].PadRight(7, '0')[..7], CultureInfo.InvariantCulture) : 0;
        return DateTimeOffset.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (text.StartsWith('-') ? -fraction : fraction));
    }

    /// <summary>Permissions, as chmod(1) reads them.</summary>
    public static string Mode(UnixFileMode mode) => Convert.ToString((int)mode, 8);

    /// <summary>A line of <c>sha256sum -c</c>.</summary>
    public static string Sum(string hash, string path) => path.AsSpan().IndexOfAny('\\', '\n', '\r') < 0
        ? $"{hash}  {path}\n"
        : $"\\{hash}  {path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}\n";

    /// <summary>Names with a zero byte behind each.</summary>
    public static byte[] List(IEnumerable<string> names) => Encoding.UTF8.GetBytes(string.Concat(names.Select(n => n + '\0')));
}
