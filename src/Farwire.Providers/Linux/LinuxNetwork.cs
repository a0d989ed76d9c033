using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_Route, Linux_Neighbor and Linux_Socket: the routes, the neighbors and the sockets of both versions of IP, as the kernel has them.</summary>
internal static class LinuxNetwork
{
    public static ICimProvider Routes(CimSchema schema) => new CimTable<Route>(schema, "Linux_Route", _ => NetworkTables.Routes())
    {
        ["Caption"] = r => $"{r.Destination}/{r.PrefixLength}",
        ["Destination"] = r => r.Destination.ToString(),
        ["Gateway"] = r => r.Gateway?.ToString(),
        ["InterfaceIndex"] = r => r.Index is { } index ? (uint)index : default(CimValue),
        ["Metric"] = r => r.Metric,
        ["PreferredSource"] = r => r.PreferredSource?.ToString(),
        ["PrefixLength"] = r => (uint)r.PrefixLength,
        ["Protocol"] = r => (uint)r.Protocol,
        ["Table"] = r => r.Table,
        ["Type"] = r => (uint)r.Type,
    };

    public static ICimProvider Neighbors(CimSchema schema) => new CimTable<Neighbor>(schema, "Linux_Neighbor", _ => NetworkTables.Neighbors())
    {
        ["Address"] = n => n.Address?.ToString(),
        ["Caption"] = n => n.Address?.ToString(),
        ["InterfaceIndex"] = n => (uint)n.Index,
        ["LinkAddress"] = n => n.LinkAddress,
        ["Router"] = n => (n.Flags & 0x80) != 0,
        ["State"] = n => (uint)n.State,
    };

    public static ICimProvider Sockets(CimSchema schema, LinuxSources linux) => new CimTable<Row>(schema, "Linux_Socket", need => Rows(linux, need))
    {
        ["Caption"] = r => $"{r.Protocol} {r.Socket.Local}",
        ["Inode"] = r => r.Socket.Inode,
        ["LocalAddress"] = r => r.Socket.Local.Address.ToString(),
        ["LocalPort"] = r => (uint)r.Socket.Local.Port,
        ["ProcessId"] = r => r.Owner is { } owner ? (uint)owner : default(CimValue),
        ["Protocol"] = r => r.Protocol,
        ["RemoteAddress"] = r => r.Socket.Remote.Address.ToString(),
        ["RemotePort"] = r => (uint)r.Socket.Remote.Port,
        ["State"] = r => r.Protocol == "tcp" ? r.Socket.State.ToString() : null,
        ["UserId"] = r => r.Socket.User,
    };

    private static IEnumerable<Row> Rows(LinuxSources linux, CimNeed need)
    {
        var owners = need.Needs("ProcessId") ? SocketOwners.Read(linux.Paths) : null;
        foreach (var protocol in new[] { "tcp", "udp" })
        {
            foreach (var socket in TransportSocket.Read(linux.Paths, protocol))
            {
                yield return new Row(protocol, socket, owners is not null && owners.TryGetValue(socket.Inode, out var owner) ? owner : null);
            }
        }
    }

    private sealed record Row(string Protocol, TransportSocket Socket, int? Owner);
}
