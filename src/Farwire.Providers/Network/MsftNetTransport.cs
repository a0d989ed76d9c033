using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>MSFT_NetTCPConnection and MSFT_NetUDPEndpoint: the sockets. Who holds one is looked up only when that is asked for.</summary>
internal static class MsftNetTransport
{
    public static ICimProvider Tcp(CimSchema schema, LinuxSources linux) => new CimTable<Row>(schema, "MSFT_NetTCPConnection", need => Rows(linux, "tcp", need))
    {
        ["InstanceID"] = r => Id(r),
        ["LocalAddress"] = r => r.Socket.Local.Address.ToString(),
        ["LocalPort"] = r => (uint)r.Socket.Local.Port,
        ["OwningProcess"] = r => Owner(r),
        ["RemoteAddress"] = r => r.Socket.Remote.Address.ToString(),
        ["RemotePort"] = r => (uint)r.Socket.Remote.Port,
        ["State"] = r => (uint)r.Socket.State,
    };

    public static ICimProvider Udp(CimSchema schema, LinuxSources linux) => new CimTable<Row>(schema, "MSFT_NetUDPEndpoint", need => Rows(linux, "udp", need))
    {
        ["InstanceID"] = r => Id(r),
        ["LocalAddress"] = r => r.Socket.Local.Address.ToString(),
        ["LocalPort"] = r => (uint)r.Socket.Local.Port,
        ["OwningProcess"] = r => Owner(r),
    };

    private static IEnumerable<Row> Rows(LinuxSources linux, string protocol, CimNeed need)
    {
        var owners = need.Needs("OwningProcess") ? SocketOwners.Read(linux.Paths) : null;
        return TransportSocket.Read(linux.Paths, protocol).Select(s => new Row(s, owners is not null && owners.TryGetValue(s.Inode, out var owner) ? owner : null));
    }

    // Several sockets may listen at one place: the inode tells them apart.
    private static CimValue Id(Row row) => string.Create(CultureInfo.InvariantCulture, $"{row.Socket.Local}++{row.Socket.Remote}++{row.Socket.Inode}");

    // A connection that nobody holds any more belongs to the kernel, which Windows calls process 0.
    private static CimValue Owner(Row row) => row.Owner is { } owner ? (uint)owner : row.Socket.Inode == 0 ? 0u : default(CimValue);

    private sealed record Row(TransportSocket Socket, int? Owner);
}
