using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Farwire.Service.Configuration;

namespace Farwire.Hosting.Listeners;

/// <summary>Which of the machine's addresses a listener means.</summary>
/// <remarks>MS-WSMV, "Listener", Address: <c>*</c> within the filters, <c>IP:</c> one, <c>MAC:</c> those of one card.</remarks>
internal static class LocalAddresses
{
    /// <summary>The addresses to bind; for <c>*</c> without filters the one that stands for all.</summary>
    public static IReadOnlyList<IPAddress> ToBind(ConfigurationEntry listener, ServiceConfiguration configuration) =>
        listener["Address"] == "*" && IsUnfiltered(configuration) ? [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any] : Named(listener, configuration);

    /// <summary>The addresses that it is reached at.</summary>
    public static IReadOnlyList<IPAddress> Named(ConfigurationEntry listener, ServiceConfiguration configuration)
    {
        var address = listener["Address"];
        if (address.StartsWith("IP:", StringComparison.OrdinalIgnoreCase))
        {
            return [IPAddress.Parse(address[3..].Trim('[', ']'))];
        }

        if (address.StartsWith("MAC:", StringComparison.OrdinalIgnoreCase))
        {
            var card = PhysicalAddress.Parse(address[4..].ToUpperInvariant());
            return [.. Of(NetworkInterface.GetAllNetworkInterfaces().Where(one => one.GetPhysicalAddress().Equals(card)))];
        }

        return IpFilter.TryParse(configuration[ConfigurationTable.IPv4Filter], isV6: false, out var filter4) && IpFilter.TryParse(configuration[ConfigurationTable.IPv6Filter], isV6: true, out var filter6)
            ? [.. Of(NetworkInterface.GetAllNetworkInterfaces()).Where(one => (one.AddressFamily == AddressFamily.InterNetworkV6 ? filter6 : filter4).Allows(one))]
            : [];
    }

    /// <summary>False for an address that this machine has not got, or not yet: IPv6 asks first whether another machine has it.</summary>
    /// <remarks>RFC 4862, "Duplicate Address Detection": an address is tentative until nobody has answered.</remarks>
    public static bool CanBeBound(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return false;
        }
    }

    private static bool IsUnfiltered(ServiceConfiguration configuration) =>
        configuration[ConfigurationTable.IPv4Filter] == "*" && configuration[ConfigurationTable.IPv6Filter] == "*";

    // Those of a card without a cable, too: they can be listened at before it has one.
    private static IEnumerable<IPAddress> Of(IEnumerable<NetworkInterface> cards) => cards.SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(address => address.Address);
}
