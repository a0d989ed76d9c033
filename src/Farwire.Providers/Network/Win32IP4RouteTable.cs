using System.Net.Sockets;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>Win32_IP4RouteTable: the main table's routes for IPv4.</summary>
internal static class Win32IP4RouteTable
{
    private const uint Direct = 3;
    private const uint Indirect = 4;

    public static ICimProvider Over(CimSchema schema) =>
        new CimTable<Route>(schema, "Win32_IP4RouteTable", _ => NetworkTables.Routes().Where(r => r is { Family: AddressFamily.InterNetwork, Index: not null }))
        {
            ["Caption"] = r => r.Destination.ToString(),
            ["Description"] = r => $"{r.Destination} - {Win32NetworkAdapterConfiguration.Mask(r.PrefixLength)} - {NextHop(r)}",
            ["Destination"] = r => r.Destination.ToString(),
            ["InterfaceIndex"] = r => r.Index!.Value,
            ["Mask"] = r => Win32NetworkAdapterConfiguration.Mask(r.PrefixLength),
            ["Metric1"] = r => (int)Math.Min(r.Metric, int.MaxValue),
            ["Metric2"] = _ => -1,
            ["Metric3"] = _ => -1,
            ["Metric4"] = _ => -1,
            ["Metric5"] = _ => -1,
            ["Name"] = r => r.Destination.ToString(),
            ["NextHop"] = r => NextHop(r),
            ["Protocol"] = r => Protocol(r),
            ["Type"] = r => r.Gateway is null ? Direct : Indirect,
        };

    private static string NextHop(Route route) => route.Gateway?.ToString() ?? "0.0.0.0";

    // RFC 1213, ipRouteProto: 2 local, 3 by management, 4 by ICMP, 8 RIP, 9 IS-IS, 13 OSPF, 14 BGP
    private static CimValue Protocol(Route route) => route.Protocol switch
    {
        1 => 4u,
        2 => 2u,
        186 => 14u,
        187 => 9u,
        188 => 13u,
        189 => 8u,
        _ => 3u,
    };
}
