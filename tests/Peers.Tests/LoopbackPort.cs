using System.Net;
using System.Net.Sockets;

namespace Farwire.Peers.Tests;

/// <summary>Ports of loopback, for programs that must be told one.</summary>
internal static class LoopbackPort
{
    /// <summary>One that is free now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Somebody listens there.</summary>
    public static async Task<bool> IsOpenAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
