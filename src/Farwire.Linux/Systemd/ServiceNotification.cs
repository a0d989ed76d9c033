using System.Net.Sockets;
using System.Text;

namespace Farwire.Linux.Systemd;

/// <summary>Tells the service manager how the service is; says nothing where there is none.</summary>
/// <remarks>sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names.</remarks>
public static class ServiceNotification
{
    /// <summary>The service answers.</summary>
    public const string Ready = "READY=1";

    /// <summary>The service still answers.</summary>
    public const string Alive = "WATCHDOG=1";

    /// <summary>The service ends what is under way.</summary>
    public const string Stopping = "STOPPING=1";

    /// <summary>Sends one state.</summary>
    /// <exception cref="SocketException">There is a manager, and it cannot be told.</exception>
    public static void Send(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path)
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
    }
}
