using System.Text;
using Farwire.Linux.Accounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>The unit files that Win32_Service.Create, Change and Delete write and remove, with the rights of the caller.</summary>
/// <remarks>
/// systemd.unit(5), "Unit File Load Path". New units lie in /usr/local/lib, so that a mask in /etc can switch them off; changes are drop-ins in /etc, one for
/// each property, and so hold for units of packages too. What packages brought is not deleted.
/// </remarks>
internal sealed class ServiceFiles(CallersShell shell)
{
    private const int MaxName = 80;
    private const string Own = "/usr/local/lib/systemd/system";
    private const string Local = "/etc/systemd/system";

    // Codes of the class: 2 access denied, 8 unknown failure, 9 path not found, 23 exists.
    private const string CreateScript = $$"""
        [ -x "$2" ] && [ -f "$2" ] || exit 9
        [ ! -e "{{Own}}/$1" ] && [ ! -e "{{Local}}/$1" ] || exit 23
        [ -d "{{Own}}" ] || mkdir -p "{{Own}}" 2>/dev/null || exit 2
        [ -w "{{Own}}" ] || exit 2
        umask 022
        cat > "{{Own}}/$1" || exit 8
        """;

    private const string ChangeScript = $$"""
        mkdir -p "{{Local}}/$1.d" 2>/dev/null || exit 2
        [ -w "{{Local}}/$1.d" ] || exit 2
        umask 022
        cat > "{{Local}}/$1.d/50-farwire-$2.conf" || exit 8
        """;

    // 1, not supported, for what a package brought.
    private const string MayDeleteScript = $$"""
        for d in "{{Own}}" "{{Local}}"; do
          [ -f "$d/$1" ] && [ ! -L "$d/$1" ] || continue
          [ -w "$d" ] && exit 0 || exit 2
        done
        exit 1
        """;

    private const string DeleteScript = $$"""
        for d in "{{Own}}" "{{Local}}"; do
          [ -f "$d/$1" ] && [ ! -L "$d/$1" ] && { rm -f -- "$d/$1" || exit 8; }
        done
        rm -f -- "{{Local}}/$1.d"/50-farwire-*.conf
        rmdir -- "{{Local}}/$1.d" 2>/dev/null || :
        """;

    /// <summary>True for a name that a unit can have.</summary>
    public static bool IsName(string? name) => name is { Length: > 0 and <= MaxName } && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');

    /// <summary>True for a line that can stand in a unit file.</summary>
    public static bool IsLine(string text) => text.Length <= 4096 && !text.Any(char.IsControl) && !text.EndsWith('\\');

    /// <summary>The account of Windows' StartName: <c>.\ann</c> is ann, LocalSystem is root; null for one that does not exist.</summary>
    public static string? AccountOf(string startName)
    {
        var name = startName.StartsWith(@".\", StringComparison.Ordinal) ? startName[2..] : startName;
        name = name.Equals("LocalSystem", StringComparison.OrdinalIgnoreCase) || name.Length == 0 ? "root" : name;
        return AccountDirectory.Find(name) is null ? null : name;
    }

    public Task<int> CreateAsync(CimCaller caller, string unit, string program, string text, CancellationToken cancellationToken) =>
        shell.RunAsync(caller, CreateScript, [unit, program], text, cancellationToken);

    public Task<int> ChangeAsync(CimCaller caller, string unit, string property, string text, CancellationToken cancellationToken) =>
        shell.RunAsync(caller, ChangeScript, [unit, property], text, cancellationToken);

    public Task<int> MayDeleteAsync(CimCaller caller, string unit, CancellationToken cancellationToken) => shell.RunAsync(caller, MayDeleteScript, [unit], "", cancellationToken);

    public Task<int> DeleteAsync(CimCaller caller, string unit, CancellationToken cancellationToken) => shell.RunAsync(caller, DeleteScript, [unit], "", cancellationToken);

    /// <summary>A whole unit.</summary>
    public static string Unit(string description, string command, string account, IEnumerable<string> dependencies)
    {
        var text = new StringBuilder("# Made by Win32_Service.Create.\n[Unit]\n").Append("Description=").Append(Escape(description)).Append('\n');
        Needs(text, dependencies);
        return text.Append("\n[Service]\nExecStart=").Append(Escape(command)).Append("\nUser=").Append(account).Append("\n\n[Install]\nWantedBy=multi-user.target\n").ToString();
    }

    /// <summary>A drop-in with one property.</summary>
    public static string Property(string section, string name, string value, bool resets = false) =>
        $"[{section}]\n{(resets ? name + "=\n" : "")}{name}={Escape(value)}\n";

    /// <summary>A drop-in with services that are needed.</summary>
    public static string Dependencies(IEnumerable<string> names)
    {
        var text = new StringBuilder("[Unit]\n");
        Needs(text, names);
        return text.ToString();
    }

    private static void Needs(StringBuilder text, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            text.Append("Requires=").Append(name).Append(".service\nAfter=").Append(name).Append(".service\n");
        }
    }

    // A percent sign begins a specifier of systemd's.
    private static string Escape(string text) => text.Replace("%", "%%", StringComparison.Ordinal);
}
