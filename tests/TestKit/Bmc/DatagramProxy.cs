using System.Net;
using System.Net.Sockets;

namespace Farwire.TestKit.Bmc;

/// <summary>A proxy for datagrams that may lose, double, cut, change or hold them back.</summary>
public sealed class DatagramProxy : IAsyncDisposable
{
    private readonly Socket _front = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _back = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Passing, IEnumerable<byte[]>> _mishap;
    private readonly Task _loops;
    private EndPoint? _client;
    private int _requests;
    private int _answers;

    /// <param name="port">The port of the controller.</param>
    /// <param name="mishap">What becomes of a datagram: none, one or several.</param>
    public DatagramProxy(int port, Func<Passing, IEnumerable<byte[]>> mishap)
    {
        _mishap = mishap;
        _front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _back.Connect(IPAddress.Loopback, port);
        Port = ((IPEndPoint)_front.LocalEndPoint!).Port;
        _loops = Task.WhenAll(Task.Run(ForwardAsync), Task.Run(ReturnAsync));
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops;
        _front.Dispose();
        _back.Dispose();
        _stop.Dispose();
    }

    private async Task ForwardAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var received = await _front.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                _client = received.RemoteEndPoint;
                foreach (var datagram in _mishap(new Passing(false, _requests++, buffer[..received.ReceivedBytes])))
                {
                    await _back.SendAsync(datagram, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }

    private async Task ReturnAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var count = await _back.ReceiveAsync(buffer, _stop.Token);
                foreach (var datagram in _mishap(new Passing(true, _answers++, buffer[..count])))
                {
                    await _front.SendToAsync(datagram, _client!, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }
}

/// <summary>A datagram on its way.</summary>
/// <param name="IsAnswer">True from the controller.</param>
/// <param name="Index">Its number among those of its direction.</param>
/// <param name="Bytes">Its bytes.</param>
public readonly record struct Passing(bool IsAnswer, int Index, byte[] Bytes);
