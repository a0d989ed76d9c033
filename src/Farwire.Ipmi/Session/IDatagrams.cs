using System.Net;
using System.Net.Sockets;

namespace Farwire.Ipmi.Session;

/// <summary>Carries datagrams to one peer and back.</summary>
internal interface IDatagrams : IDisposable
{
    ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken);

    /// <summary>The next datagram; what does not fit is cut.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> datagram, CancellationToken cancellationToken);
}

/// <summary>Datagrams over UDP. The socket is connected, so the system lets through nothing from other addresses.</summary>
internal sealed class UdpDatagrams : IDatagrams
{
    private readonly Socket _socket;

    private UdpDatagrams(Socket socket) => _socket = socket;

    public static async ValueTask<IDatagrams> ConnectAsync(LanOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var address = IPAddress.TryParse(options.Host, out var literal)
                ? literal
                : (await Dns.GetHostAddressesAsync(options.Host, cancellationToken).ConfigureAwait(false))[0];
            var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(new IPEndPoint(address, options.Port), cancellationToken).ConfigureAwait(false);
            return new UdpDatagrams(socket);
        }
        catch (SocketException e)
        {
            throw new IpmiTransportException(
                IpmiTransportFailure.Unreachable, $"{options.Address} cannot be reached: {e.Message}. Check the name and the route to the controller's network.", e);
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken) =>
        await _socket.SendAsync(datagram, cancellationToken).ConfigureAwait(false);

    public ValueTask<int> ReceiveAsync(Memory<byte> datagram, CancellationToken cancellationToken) =>
        _socket.ReceiveAsync(datagram, cancellationToken);

    public void Dispose() => _socket.Dispose();
}
