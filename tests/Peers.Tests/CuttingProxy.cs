using System.Net;
using System.Net.Sockets;

namespace Farwire.Peers.Tests;

/// <summary>
/// A bad network between client and service: every connection breaks after a random number of bytes, in whichever direction they go. The first lives
/// long enough for a client to learn that the service answers at all.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private const int FirstBytes = 8000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _service;
    private readonly Random _random;
    private readonly int _longest;
    private readonly CancellationTokenSource _stop = new();
    private int _connections;
    private int _cuts;

    public CuttingProxy(Uri service, int seed, int longest)
    {
        _service = new IPEndPoint(IPAddress.Loopback, service.Port);
        _random = new Random(seed);
        _longest = longest;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => _cuts;

    /// <summary>No more connections, for a client that shall find nobody.</summary>
    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return new ValueTask(_stop.CancelAsync());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var service = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await service.ConnectAsync(_service, _stop.Token);
            var left = new Budget { Bytes = (Interlocked.Increment(ref _connections) == 1 ? FirstBytes : 0) + _random.Next(1, _longest) };
            await Task.WhenAny(CopyAsync(client, service, left), CopyAsync(service, client, left));
            if (left.Bytes <= 0)
            {
                Interlocked.Increment(ref _cuts);
                client.LingerState = new LingerOption(true, 0); // as a dead network does: without a farewell
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Budget left)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                var allowed = Math.Min(count, Interlocked.Add(ref left.Bytes, -count) + count);
                if (allowed > 0)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, allowed), _stop.Token);
                }

                if (allowed < count)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The other direction was first.
        }
    }

    private sealed class Budget
    {
        public int Bytes;
    }
}
