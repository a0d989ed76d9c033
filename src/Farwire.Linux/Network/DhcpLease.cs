using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Farwire.Linux.Files;

namespace Farwire.Linux.Network;

/// <summary>An address that a DHCP server lent.</summary>
/// <param name="Address">The address.</param>
/// <param name="Server">Who lent it, when known.</param>
/// <param name="Obtained">Since when.</param>
/// <param name="Expires">Until when.</param>
/// <remarks>The lease files of systemd-networkd, of NetworkManager and of dhclient: dhclient.leases(5).</remarks>
public sealed partial record DhcpLease(IPAddress Address, string? Server, DateTimeOffset? Obtained, DateTimeOffset? Expires)
{
    /// <summary>The lease of an interface; null when nobody keeps one.</summary>
    public static DhcpLease? Find(LinuxPaths paths, int index, string name) =>
        FromKeys($"{paths.Run}/systemd/netif/leases/{index.ToString(CultureInfo.InvariantCulture)}")
        ?? Newest($"{paths.Var}/lib/NetworkManager", $"internal-*-{name}.lease", FromKeys)
        ?? Newest($"{paths.Var}/lib/dhcp", $"dhclient*{name}*.leases", path => FromDhclient(path, name))
        ?? Newest($"{paths.Var}/lib/NetworkManager", $"dhclient-*-{name}.lease", path => FromDhclient(path, name));

    private static DhcpLease? Newest(string folder, string pattern, Func<string, DhcpLease?> read) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, pattern).OrderByDescending(File.GetLastWriteTimeUtc).Select(read).FirstOrDefault(l => l is not null)
        : null;

    // ADDRESS= SERVER_ADDRESS= LIFETIME= (seconds since the file was written)
    private static DhcpLease? FromKeys(string path)
    {
        if (KeyValueFile.Read(path) is not { } lease || !IPAddress.TryParse(lease.GetValueOrDefault("ADDRESS"), out var address))
        {
            return null;
        }

        var obtained = new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
        DateTimeOffset? expires = uint.TryParse(lease.GetValueOrDefault("LIFETIME"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? obtained.AddSeconds(seconds) : null;
        return new DhcpLease(address, lease.GetValueOrDefault("SERVER_ADDRESS"), obtained, expires);
    }

    // lease { interface "eth0"; fixed-address 10.0.0.5; option dhcp-server-identifier 10.0.0.1; option dhcp-lease-time 3600; expire 2 2026/11/24 22:00:00; }
    private static DhcpLease? FromDhclient(string path, string name)
    {
        DhcpLease? last = null;
        foreach (Match lease in Lease().Matches(ProcFile.ReadText(path, 1024 * 1024) ?? ""))
        {
            var text = lease.Groups[1].Value;
            string? Word(string key) => Regex.Match(text, $@"\b{key}\s+""?([^"";]+)""?;", RegexOptions.NonBacktracking) is { Success: true } m ? m.Groups[1].Value.Trim() : null;
            if (Word("interface") != name || !IPAddress.TryParse(Word("fixed-address"), out var address))
            {
                continue;
            }

            // expire <day of week> <date> <time>, in UTC
            DateTimeOffset? expires = Word("expire") is { } when && when.Split(' ', 2) is [_, var moment]
                && DateTimeOffset.TryParseExact(moment, "yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
            DateTimeOffset? obtained = uint.TryParse(Word("option dhcp-lease-time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? expires?.AddSeconds(-seconds) : null;
            last = new DhcpLease(address, Word("option dhcp-server-identifier"), obtained, expires);
        }

        return last;
    }

    [GeneratedRegex(@"lease\s*\{([^}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Lease();
}
