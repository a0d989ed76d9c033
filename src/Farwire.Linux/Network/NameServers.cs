using System.Net;
using Farwire.Linux.Files;

namespace Farwire.Linux.Network;

/// <summary>Who turns names into addresses.</summary>
/// <param name="Servers">Addresses, in the order they are asked.</param>
/// <param name="Search">Domains that short names are looked up in.</param>
/// <remarks>resolv.conf(5), systemd-resolved.service(8).</remarks>
public sealed record NameServers(IReadOnlyList<string> Servers, IReadOnlyList<string> Search)
{
    private const string ResolvedStub = "127.0.0.53";

    /// <summary>The first domain of the search list, which is the machine's own; null when there is none.</summary>
    public string? Domain => Search.Count > 0 ? Search[0] : null;

    /// <summary>Reads it now. Where the file names only the stub of systemd-resolved, the servers behind it count.</summary>
    public static NameServers Read(LinuxPaths paths)
    {
        var found = ReadFile(paths.Etc + "/resolv.conf");
        return found.Servers is [ResolvedStub] && File.Exists(paths.Run + "/systemd/resolve/resolv.conf") ? ReadFile(paths.Run + "/systemd/resolve/resolv.conf") : found;
    }

    private static NameServers ReadFile(string path)
    {
        var servers = new List<string>();
        List<string> search = [];
        foreach (var line in (ProcFile.ReadText(path) ?? "").Split('\n'))
        {
            switch (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                case ["nameserver", var server, ..] when IPAddress.TryParse(server.Split('%')[0], out _):
                    servers.Add(server);
                    break;
                case ["search" or "domain", .. var domains]:
                    search = [.. domains.Where(d => d != ".")]; // the last such line counts
                    break;
            }
        }

        return new NameServers(servers, search);
    }
}
