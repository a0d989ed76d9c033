using System.Globalization;
using System.Net.Sockets;
using Farwire.Cim.Classes;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Network;

/// <summary>MSFT_NetRoute: the main table's routes of both versions of IP.</summary>
internal static class MsftNetRoute
{
    private const uint Active = 1;

    public static ICimProvider Over(CimSchema schema) => new CimTable<Row>(schema, "MSFT_NetRoute", _ => Rows())
    {
        ["AddressFamily"] = r => MsftNetIPAddress.Family(r.Route.Family),
        ["Caption"] = r => Prefix(r.Route),
        ["DestinationAddress"] = r => r.Route.Destination.ToString(),
        ["DestinationPrefix"] = r => Prefix(r.Route),
        ["ElementName"] = r => Prefix(r.Route),
        ["InstanceID"] = r => string.Create(CultureInfo.InvariantCulture, $"{Prefix(r.Route)};{r.Route.Index};{NextHop(r.Route)};{r.Route.Metric}"),
        ["InterfaceAlias"] = r => r.Interface,
        ["InterfaceIndex"] = r => (uint?)r.Route.Index,
        ["IsStatic"] = r => r.Route.Protocol is 3 or 4,
        ["NextHop"] = r => NextHop(r.Route),
        ["Protocol"] = r => r.Route.Protocol == 2 ? 2u : 3u,
        ["RouteMetric"] = r => Math.Min(r.Route.Metric, ushort.MaxValue),
        ["Store"] = _ => Active,
        ["TypeOfRoute"] = r => r.Route.Gateway is null ? 3u : 4u,
    };

    private static IEnumerable<Row> Rows()
    {
        var names = MsftNetAdapter.Names();
        return NetworkTables.Routes().Where(r => r.Index is not null).Select(r => new Row(r, names.NameOf(r.Index!.Value)));
    }

    private static string Prefix(Route route) => string.Create(CultureInfo.InvariantCulture, $"{route.Destination}/{route.PrefixLength}");

    private static string NextHop(Route route) => route.Gateway?.ToString() ?? (route.Family == AddressFamily.InterNetwork ? "0.0.0.0" : "::");

    private sealed record Row(Route Route, string Interface);
}
