using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>Win32_NetworkAdapterConfiguration: addresses, routers and name servers of the interfaces.</summary>
/// <remarks>IPEnabled is false for the loopback interface: tools take the first enabled one for the way to the network, and Windows lists no other.</remarks>
internal static class Win32NetworkAdapterConfiguration
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var (paths, machineId) = (linux.Paths, linux.Host.MachineId);
        var devices = new LinkDevices(paths);
        return new CimTable<Row>(schema, "Win32_NetworkAdapterConfiguration", Rows)
        {
            ["Caption"] = r => Win32NetworkAdapter.Caption(r.Link),
            ["DefaultIPGateway"] = r => Texts(r.Gateways.Select(g => g.Gateway!.ToString())),
            ["Description"] = r => devices.Model(r.Link.Name) ?? r.Link.Alias ?? r.Link.Name,
            ["DHCPEnabled"] = r => r.Lease is not null,
            ["DHCPLeaseExpires"] = r => r.Lease?.Expires is { } expires ? new CimDateTime(expires) : default(CimValue),
            ["DHCPLeaseObtained"] = r => r.Lease?.Obtained is { } obtained ? new CimDateTime(obtained) : default(CimValue),
            ["DHCPServer"] = r => r.Lease?.Server,
            ["DNSDomain"] = r => r.IsEnabled ? r.Names.Domain : null,
            ["DNSDomainSuffixSearchOrder"] = r => r.IsEnabled ? Texts(r.Names.Search) : default(CimValue),
            ["DNSHostName"] = r => r.IsEnabled ? Environment.MachineName : null,
            ["DNSServerSearchOrder"] = r => r.IsEnabled ? Texts(r.Names.Servers) : default(CimValue),
            ["GatewayCostMetric"] = r => r.Gateways.Count > 0 ? r.Gateways.Select(g => (uint)Math.Min(g.Metric, ushort.MaxValue)).ToArray() : default(CimValue),
            ["Index"] = r => (uint)r.Link.Index,
            ["InterfaceIndex"] = r => (uint)r.Link.Index,
            ["IPAddress"] = r => Texts(r.Addresses.Select(a => Plain(a.Address!))),
            ["IPConnectionMetric"] = r => r.Gateways.Count > 0 ? r.Gateways[0].Metric : default(CimValue),
            ["IPEnabled"] = r => r.IsEnabled,
            ["IPSubnet"] = r => Texts(r.Addresses.Select(Subnet)),
            ["MACAddress"] = r => r.Link.Address,
            ["MTU"] = r => r.Link.Mtu,
            ["ServiceName"] = r => devices.Driver(r.Link.Name),
            ["SettingID"] = r => Win32NetworkAdapter.Guid(machineId, r.Link.Name),
        };

        IEnumerable<Row> Rows(CimNeed need)
        {
            var addresses = NetworkTables.Addresses().ToLookup(a => a.Index);
            var gateways = NetworkTables.Routes().Where(r => r is { PrefixLength: 0, Gateway: not null, Index: not null }).ToLookup(r => r.Index!.Value);
            var names = NameServers.Read(paths);
            var needsLease = need.Needs("DHCPEnabled", "DHCPLeaseExpires", "DHCPLeaseObtained", "DHCPServer");
            return NetworkTables.Links().Select(link => new Row(
                link,
                [.. addresses[link.Index].OrderBy(a => a.Address!.AddressFamily == AddressFamily.InterNetworkV6)],
                [.. gateways[link.Index].OrderBy(g => g.Family == AddressFamily.InterNetworkV6).ThenBy(g => g.Metric)],
                names,
                needsLease ? DhcpLease.Find(paths, link.Index, link.Name) : null));
        }
    }

    // Windows writes no zone behind an address.
    private static string Plain(IPAddress address) => address.ToString().Split('%')[0];

    // The mask for IPv4, the length of the prefix as text for IPv6.
    private static string Subnet(LinkAddress address) => address.Address!.AddressFamily == AddressFamily.InterNetwork
        ? Mask(address.PrefixLength)
        : address.PrefixLength.ToString(CultureInfo.InvariantCulture);

    internal static string Mask(int prefixLength)
    {
        var mask = prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);
        return $"{mask >> 24}.{(mask >> 16) & 255}.{(mask >> 8) & 255}.{mask & 255}";
    }

    private static CimValue Texts(IEnumerable<string> values) => values.ToArray() is { Length: > 0 } texts ? texts : default(CimValue);

    private sealed record Row(Link Link, IReadOnlyList<LinkAddress> Addresses, IReadOnlyList<Route> Gateways, NameServers Names, DhcpLease? Lease)
    {
        public bool IsEnabled => Addresses.Count > 0 && Link.Flags.HasFlag(LinkFlags.Up) && !Link.Flags.HasFlag(LinkFlags.Loopback);
    }
}
