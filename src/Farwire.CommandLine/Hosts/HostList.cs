using System.Globalization;
using System.Text.RegularExpressions;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Hosts;

/// <summary>The hosts of <c>-H a,b,@file,inventory.ini</c>, in order, each once.</summary>
/// <remarks>
/// <c>@FILE</c> holds a host a line, and <c>#</c> begins a comment. A name that ends in <c>.ini</c>, or a file of that name with <c>:GROUP</c> behind, is an
/// inventory as Ansible writes it. <c>web[01:20]</c> is twenty hosts.
/// </remarks>
internal static partial class HostList
{
    private const int MaxHosts = 100_000;
    private const int MaxFileBytes = 16 * 1024 * 1024;

    /// <exception cref="UsageException">A file that cannot be read, or no host at all.</exception>
    public static IReadOnlyList<HostWord> Parse(string list)
    {
        var hosts = new List<HostWord>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in Words(list).SelectMany(Expand))
        {
            if (known.Add(host.Name))
            {
                hosts.Add(hosts.Count < MaxHosts ? host : throw new UsageException($"--host names more than {MaxHosts} hosts."));
            }
        }

        return hosts.Count > 0 ? hosts : throw new UsageException($"--host {list} names no host.");
    }

    /// <summary>The names that a range stands for: <c>web[01:03]</c> is web01, web02, web03.</summary>
    public static IEnumerable<string> Range(string name)
    {
        if (NumberRange().Match(name) is not { Success: true } range)
        {
            return [name];
        }

        var (first, last) = (range.Groups[1].Value, range.Groups[2].Value);
        var (from, to) = (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture));
        if (to < from || to - from >= MaxHosts)
        {
            throw new UsageException($"'{name}' is not a range of hosts.");
        }

        return Enumerable.Range(from, to - from + 1).SelectMany(number => Range(
            name[..range.Index] + number.ToString(CultureInfo.InvariantCulture).PadLeft(first.Length, '0') + name[(range.Index + range.Length)..]));
    }

    /// <summary>The lines of a file, bounded.</summary>
    public static IReadOnlyList<string> Lines(string file)
    {
        try
        {
            return new FileInfo(file).Length > MaxFileBytes
                ? throw new UsageException($"--host: {file} is larger than {MaxFileBytes} bytes.")
                : File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--host: {e.Message}");
        }
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<HostWord> Expand(string word)
    {
        if (word[0] == '@')
        {
            return Lines(word[1..]).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).SelectMany(Range).Select(name => new HostWord(name));
        }

        var colon = word.LastIndexOf(':');
        return word.EndsWith(".ini", StringComparison.OrdinalIgnoreCase) ? Inventory.Read(word, null)
            : colon > 0 && File.Exists(word[..colon]) ? Inventory.Read(word[..colon], word[(colon + 1)..])
            : Range(word).Select(name => new HostWord(name));
    }

    // Two numbers, so that an address of IPv6 in brackets is none.
    [GeneratedRegex(@"\[([0-9]{1,9}):([0-9]{1,9})\]", RegexOptions.CultureInvariant)]
    private static partial Regex NumberRange();
}
