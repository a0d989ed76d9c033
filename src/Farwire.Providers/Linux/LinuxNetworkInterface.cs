using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_NetworkInterface: the interfaces with addresses and all counters.</summary>
internal static class LinuxNetworkInterface
{
    public static ICimProvider Over(CimSchema schema) => new CimTable<Row>(schema, "Linux_NetworkInterface", Rows)
    {
        ["Address"] = r => r.Link.Address,
        ["Addresses"] = r => r.Addresses.Length > 0 ? r.Addresses : default(CimValue),
        ["Caption"] = r => r.Link.Alias ?? r.Link.Name,
        ["Index"] = r => (uint)r.Link.Index,
        ["Kind"] = r => r.Link.Kind,
        ["Master"] = r => (uint?)r.Link.Master,
        ["Mtu"] = r => r.Link.Mtu,
        ["Name"] = r => r.Link.Name,
        ["OperationalState"] = r => r.Link.State.ToString().ToUpperInvariant(),
        ["ReceivedBytes"] = r => r.Link.Counters.ReceivedBytes,
        ["ReceiveDropped"] = r => r.Link.Counters.ReceiveDropped,
        ["ReceivedPackets"] = r => r.Link.Counters.ReceivedPackets,
        ["ReceiveErrors"] = r => r.Link.Counters.ReceiveErrors,
        ["SendDropped"] = r => r.Link.Counters.SendDropped,
        ["SendErrors"] = r => r.Link.Counters.SendErrors,
        ["SentBytes"] = r => r.Link.Counters.SentBytes,
        ["SentPackets"] = r => r.Link.Counters.SentPackets,
        ["Up"] = r => r.Link.Flags.HasFlag(LinkFlags.Up),
    };

    private static IEnumerable<Row> Rows(CimNeed need)
    {
        var addresses = (need.Needs("Addresses") ? NetworkTables.Addresses() : []).ToLookup(a => a.Index);
        return NetworkTables.Links().Select(l => new Row(l, [.. addresses[l.Index].Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Address}/{a.PrefixLength}"))]));
    }

    private sealed record Row(Link Link, string[] Addresses);
}
