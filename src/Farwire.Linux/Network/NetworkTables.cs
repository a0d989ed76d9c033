using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Farwire.Linux.Network;

/// <summary>The kernel's tables of network interfaces, addresses and routes, in the network namespace of this process.</summary>
/// <remarks>rtnetlink(7).</remarks>
public static class NetworkTables
{
    private const ushort GetLink = 18;
    private const ushort GetAddress = 22;
    private const ushort GetRoute = 26;
    private const ushort GetNeighbor = 30;

    /// <summary>All interfaces.</summary>
    public static IReadOnlyList<Link> Links()
    {
        // family, pad, type 2, index 4, flags 4, change 4
        var links = new List<Link>();
        Netlink.Dump(Netlink.Route, GetLink, stackalloc byte[16], links.Clear, (_, message) =>
        {
            var link = new Link(MemoryMarshal.Read<int>(message[4..]), MemoryMarshal.Read<ushort>(message[2..]), (LinkFlags)MemoryMarshal.Read<uint>(message[8..]));
            Netlink.Attributes(message[16..], link.Read);
            links.Add(link);
        });
        return links;
    }

    /// <summary>All addresses, of both versions of IP.</summary>
    public static IReadOnlyList<LinkAddress> Addresses()
    {
        // family, prefix length, flags, scope, index 4
        var addresses = new List<LinkAddress>();
        Netlink.Dump(Netlink.Route, GetAddress, stackalloc byte[8], addresses.Clear, (_, message) =>
        {
            var address = new LinkAddress(MemoryMarshal.Read<int>(message[4..]), message[1], message[3]) { Flags = message[2] };
            Netlink.Attributes(message[8..], address.Read);
            addresses.Add(address);
        });
        addresses.RemoveAll(a => a.Address is null);
        return addresses;
    }

    /// <summary>All routes of the main table, of both versions of IP.</summary>
    public static IReadOnlyList<Route> Routes()
    {
        // family, destination length, source length, tos, table, protocol, scope, type, flags 4
        var routes = new List<Route>();
        Netlink.Dump(Netlink.Route, GetRoute, stackalloc byte[12], routes.Clear, (_, message) =>
        {
            var family = message[0] switch { 2 => AddressFamily.InterNetwork, 10 => AddressFamily.InterNetworkV6, _ => AddressFamily.Unknown };
            if (family == AddressFamily.Unknown)
            {
                return;
            }

            var route = new Route(family, message[1], message[5], message[7], message[4]);
            Netlink.Attributes(message[12..], route.Read);
            if (route.Table == Route.MainTable)
            {
                routes.Add(route);
            }
        });
        return routes;
    }

    /// <summary>All neighbors, of both versions of IP.</summary>
    public static IReadOnlyList<Neighbor> Neighbors()
    {
        // family, pad 3, index 4, state 2, flags, type
        var neighbors = new List<Neighbor>();
        Netlink.Dump(Netlink.Route, GetNeighbor, stackalloc byte[12], neighbors.Clear, (_, message) =>
        {
            if (message[0] is not (2 or 10))
            {
                return; // bridges list their ports in this table
            }

            var neighbor = new Neighbor(MemoryMarshal.Read<int>(message[4..]), MemoryMarshal.Read<ushort>(message[8..]), message[10]);
            Netlink.Attributes(message[12..], neighbor.Read);
            neighbors.Add(neighbor);
        });
        neighbors.RemoveAll(n => n.Address is null);
        return neighbors;
    }

    internal static IPAddress? AddressOf(ReadOnlySpan<byte> bytes) => bytes.Length is 4 or 16 ? new IPAddress(bytes) : null;

    internal static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes.TrimEnd((byte)0));
}
