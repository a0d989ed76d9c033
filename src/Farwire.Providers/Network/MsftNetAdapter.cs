using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>MSFT_NetAdapter: the network interfaces.</summary>
internal static class MsftNetAdapter
{
    private const uint Started = 2;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var devices = new LinkDevices(linux.Paths);
        return new CimTable<Link>(schema, "MSFT_NetAdapter", _ => NetworkTables.Links())
        {
            ["ActiveMaximumTransmissionUnit"] = l => (ulong)l.Mtu,
            ["Caption"] = l => l.Name,
            ["ConnectorPresent"] = l => devices.IsPhysical(l.Name),
            ["Description"] = l => devices.Model(l.Name) ?? l.Name,
            ["DeviceID"] = l => Win32NetworkAdapter.Guid(linux.Host.MachineId, l.Name),
            ["DriverName"] = l => devices.Driver(l.Name),
            ["ElementName"] = l => l.Name,
            ["EnabledState"] = l => l.Flags.HasFlag(LinkFlags.Up) ? 2u : 3u,
            ["EndPointInterface"] = _ => false,
            ["HardwareInterface"] = l => devices.IsPhysical(l.Name),
            ["Hidden"] = _ => false,
            ["InterfaceAdminStatus"] = l => l.Flags.HasFlag(LinkFlags.Up) ? 1u : 2u,
            ["InterfaceDescription"] = l => devices.Model(l.Name) ?? l.Alias ?? l.Name,
            ["InterfaceGuid"] = l => Win32NetworkAdapter.Guid(linux.Host.MachineId, l.Name),
            ["InterfaceIndex"] = l => (uint)l.Index,
            ["InterfaceName"] = l => l.Name,
            ["InterfaceOperationalStatus"] = l => OperationalStatus(l),
            ["InterfaceType"] = l => InterfaceType(l, devices),
            ["LinkTechnology"] = l => devices.IsWireless(l.Name) ? 11u : l.HardwareType == Link.Ethernet ? 2u : 0u,
            ["MediaConnectState"] = l => OperationalStatus(l) == 1 ? 1u : 2u,
            ["MtuSize"] = l => l.Mtu,
            ["Name"] = l => l.Name,
            ["NetworkAddresses"] = l => l.Address is { } address ? new[] { Plain(address) } : null,
            ["PermanentAddress"] = l => (l.PermanentAddress ?? l.Address) is { } address ? Plain(address) : null,
            ["PnPDeviceID"] = l => devices.Path(l.Name),
            ["ReceiveLinkSpeed"] = l => devices.BitsPerSecond(l.Name),
            ["Speed"] = l => devices.BitsPerSecond(l.Name),
            ["State"] = _ => Started,
            ["TransmitLinkSpeed"] = l => devices.BitsPerSecond(l.Name),
            ["Virtual"] = l => !devices.IsPhysical(l.Name),
        };
    }

    // RFC 2863, ifOperStatus: 1 up, 2 down, 3 testing, 4 unknown, 5 dormant, 6 not present, 7 lower layer down
    private static uint OperationalStatus(Link link) => link.State switch
    {
        LinkState.Up => 1,
        LinkState.Unknown => link.Flags.HasFlag(LinkFlags.Running) ? 1u : 2,
        LinkState.Testing => 3,
        LinkState.Dormant => 5,
        LinkState.NotPresent => 6,
        LinkState.LowerLayerDown => 7,
        _ => 2,
    };

    // The numbers of IANA's ifType.
    private static uint InterfaceType(Link link, LinkDevices devices) => link.HardwareType switch
    {
        Link.Ethernet when devices.IsWireless(link.Name) => 71,
        Link.Ethernet => 6,
        772 => 24,
        512 => 23,
        768 or 769 or 776 => 131,
        _ => 1,
    };

    private static string Plain(string address) => address.Replace(":", "", StringComparison.Ordinal);

    /// <summary>The names of interfaces by their index, for classes that name an interface by both.</summary>
    internal static IReadOnlyDictionary<int, string> Names() => NetworkTables.Links().ToDictionary(l => l.Index, l => l.Name);

    internal static string NameOf(this IReadOnlyDictionary<int, string> names, int index) =>
        names.GetValueOrDefault(index) ?? index.ToString(CultureInfo.InvariantCulture);
}
