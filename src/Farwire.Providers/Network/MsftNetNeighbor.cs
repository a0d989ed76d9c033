using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>MSFT_NetNeighbor: the machines on the networks at hand, as the kernel knows them.</summary>
internal static class MsftNetNeighbor
{
    private const uint Active = 1;

    public static ICimProvider Over(CimSchema schema) => new CimTable<Row>(schema, "MSFT_NetNeighbor", _ => Rows())
    {
        ["AddressFamily"] = r => MsftNetIPAddress.Family(r.Neighbor.Address!.AddressFamily),
        ["Caption"] = r => r.Neighbor.Address!.ToString(),
        ["ElementName"] = r => r.Neighbor.Address!.ToString(),
        ["InterfaceAlias"] = r => r.Interface,
        ["InterfaceIndex"] = r => (uint)r.Neighbor.Index,
        ["IPAddress"] = r => r.Neighbor.Address!.ToString(),
        ["LinkLayerAddress"] = r => r.Neighbor.LinkAddress?.Replace(':', '-').ToUpperInvariant() ?? "",
        ["Name"] = r => string.Create(CultureInfo.InvariantCulture, $"{r.Neighbor.Index};{r.Neighbor.Address}"),
        ["State"] = r => StateOf(r.Neighbor.State),
        ["Store"] = _ => Active,
    };

    private static IEnumerable<Row> Rows()
    {
        var names = MsftNetAdapter.Names();
        return NetworkTables.Neighbors().Select(n => new Row(n, names.NameOf(n.Index)));
    }

    // 0 unreachable, 1 incomplete, 2 probe, 3 delay, 4 stale, 5 reachable, 6 permanent; what needs no asking is permanent.
    private static uint StateOf(ushort state) => state switch
    {
        _ when (state & (128 | 64)) != 0 => 6,
        _ when (state & 2) != 0 => 5,
        _ when (state & 4) != 0 => 4,
        _ when (state & 8) != 0 => 3,
        _ when (state & 16) != 0 => 2,
        _ when (state & 1) != 0 => 1,
        _ => 0,
    };

    private sealed record Row(Neighbor Neighbor, string Interface);
}
