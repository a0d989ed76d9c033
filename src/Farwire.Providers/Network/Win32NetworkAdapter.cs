using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>Win32_NetworkAdapter: the kernel's network interfaces, keyed by their index.</summary>
internal static class Win32NetworkAdapter
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var (paths, machineId) = (linux.Paths, linux.Host.MachineId);
        var devices = new LinkDevices(paths);
        return new CimTable<Link>(schema, "Win32_NetworkAdapter", _ => NetworkTables.Links())
        {
            ["AdapterType"] = l => AdapterType(l, devices) is { } type ? AdapterTypes[type] : null,
            ["AdapterTypeId"] = l => AdapterType(l, devices),
            ["Availability"] = l => l.Flags.HasFlag(LinkFlags.Up) ? 3u : 8u, // running, off line
            ["Caption"] = l => Caption(l),
            ["Description"] = l => devices.Model(l.Name) ?? l.Alias ?? l.Name,
            ["DeviceID"] = l => l.Index.ToString(CultureInfo.InvariantCulture),
            ["GUID"] = l => Guid(machineId, l.Name),
            ["Index"] = l => (uint)l.Index,
            ["Installed"] = _ => true,
            ["InterfaceIndex"] = l => (uint)l.Index,
            ["MACAddress"] = l => l.Address,
            ["Manufacturer"] = l => devices.Vendor(l.Name),
            ["Name"] = l => l.Name,
            ["NetConnectionID"] = l => l.Name,
            ["NetConnectionStatus"] = l => Status(l),
            ["NetEnabled"] = l => l.Flags.HasFlag(LinkFlags.Up),
            ["PermanentAddress"] = l => l.PermanentAddress?.Replace(":", "", StringComparison.Ordinal),
            ["PhysicalAdapter"] = l => devices.IsPhysical(l.Name),
            ["PNPDeviceID"] = l => devices.Path(l.Name),
            ["PowerManagementSupported"] = _ => false,
            ["ProductName"] = l => devices.Model(l.Name) ?? devices.Driver(l.Name) ?? l.Kind ?? l.Name,
            ["ServiceName"] = l => devices.Driver(l.Name),
            ["Speed"] = l => devices.BitsPerSecond(l.Name),
            ["Status"] = l => l.State is LinkState.NotPresent or LinkState.LowerLayerDown ? "Degraded" : "OK",
            ["StatusInfo"] = l => l.Flags.HasFlag(LinkFlags.Up) ? 3u : 4u,
        };
    }

    // As Windows writes it: the index in eight digits before the name.
    internal static string Caption(Link link) => string.Create(CultureInfo.InvariantCulture, $"[{link.Index:D8}] {link.Name}");

    /// <summary>An id that is the same for the interface of this name on this installation as long as it exists.</summary>
    internal static string Guid(string? machineId, string name) => "{" + StableId.Of(machineId ?? "", "interface", name).ToString().ToUpperInvariant() + "}";

    // 0 disconnected, 1 connecting, 2 connected, 4 hardware not present, 7 media disconnected, 9 authenticating
    internal static uint Status(Link link) => link.State switch
    {
        _ when !link.Flags.HasFlag(LinkFlags.Up) => 0,
        LinkState.Up => 2,
        LinkState.Unknown when link.Flags.HasFlag(LinkFlags.Running) => 2,
        LinkState.Dormant => 9,
        LinkState.NotPresent => 4,
        LinkState.Testing => 1,
        _ => 7,
    };

    private static readonly string[] AdapterTypes =
    [
        "Ethernet 802.3", "Token Ring 802.5", "Fiber Distributed Data Interface (FDDI)", "Wide Area Network (WAN)", "LocalTalk",
        "Ethernet using DIX header format", "ARCNET", "ARCNET (878.2)", "ATM", "Wireless", "Infrared Wireless", "Bpc", "CoWan", "1394",
    ];

    // ARPHRD numbers of the kernel's if_arp.h
    private static uint? AdapterType(Link link, LinkDevices devices) => link.HardwareType switch
    {
        Link.Ethernet when devices.IsWireless(link.Name) => 9,
        Link.Ethernet => 0,
        800 => 1,
        774 => 2,
        512 => 3,
        773 => 4,
        7 => 6,
        19 => 8,
        801 or 802 or 803 => 9,
        783 => 10,
        24 => 13,
        _ => null,
    };
}
