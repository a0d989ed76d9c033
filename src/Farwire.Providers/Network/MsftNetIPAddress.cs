using System.Globalization;
using System.Net.Sockets;
using System.Xml;
using Farwire.Cim.Classes;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>MSFT_NetIPAddress: the addresses of the interfaces.</summary>
internal static class MsftNetIPAddress
{
    private const uint Tentative = 1;
    private const uint Duplicate = 2;
    private const uint Deprecated = 3;
    private const uint Preferred = 4;
    private const uint Active = 1;
    private const uint Unicast = 1;

    public static ICimProvider Over(CimSchema schema) => new CimTable<Row>(schema, "MSFT_NetIPAddress", _ => Rows())
    {
        ["Address"] = r => r.Address.Address!.ToString(),
        ["AddressFamily"] = r => Family(r.Address.Address!.AddressFamily),
        ["AddressState"] = r => r.Address.Flags switch
        {
            var flags when (flags & 0x08) != 0 => Duplicate,
            var flags when (flags & 0x40) != 0 => Tentative,
            var flags when (flags & 0x20) != 0 => Deprecated,
            _ => Preferred,
        },
        ["Caption"] = r => r.Address.Address!.ToString(),
        ["ElementName"] = r => r.Address.Address!.ToString(),
        ["InterfaceAlias"] = r => r.Interface,
        ["InterfaceIndex"] = r => (uint)r.Address.Index,
        ["IPAddress"] = r => r.Address.Address!.ToString(),
        ["IPv4Address"] = r => r.Address.Address!.AddressFamily == AddressFamily.InterNetwork ? r.Address.Address.ToString() : null,
        ["IPv6Address"] = r => r.Address.Address!.AddressFamily == AddressFamily.InterNetworkV6 ? r.Address.Address.ToString() : null,
        ["Name"] = r => string.Create(CultureInfo.InvariantCulture, $"{r.Address.Index};{r.Address.Address}/{r.Address.PrefixLength}"),
        ["PreferredLifetime"] = r => Lifetime(r.Address.Preferred),
        ["PrefixLength"] = r => (uint)r.Address.PrefixLength,
        ["SkipAsSource"] = _ => false,
        ["Store"] = _ => Active,
        ["SubnetMask"] = r => r.Address.Address!.AddressFamily == AddressFamily.InterNetwork ? Win32NetworkAdapterConfiguration.Mask(r.Address.PrefixLength) : null,
        ["Type"] = _ => Unicast,
        ["ValidLifetime"] = r => Lifetime(r.Address.Valid),
    };

    /// <summary>The numbers of Windows: 2 for IPv4, 23 for IPv6.</summary>
    internal static uint Family(AddressFamily family) => family == AddressFamily.InterNetwork ? 2u : 23u;

    private static IEnumerable<Row> Rows()
    {
        var names = MsftNetAdapter.Names();
        return NetworkTables.Addresses().Select(a => new Row(a, names.NameOf(a.Index)));
    }

    // Windows writes what lasts forever as the largest interval.
    private static string Lifetime(uint seconds) => XmlConvert.ToString(seconds == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds));

    private sealed record Row(LinkAddress Address, string Interface);
}
