using System.Net;
using System.Net.Sockets;

namespace Farwire.Peers.Tests;

/// <summary>
/// A network at its worst: bytes come late, connections break after a random number of bytes, and what was sent over a broken one arrives once more, whole and
/// after whatever its client has sent meanwhile over others.
/// </summary>
internal sealed class RoughNetwork : IAsyncDisposable
{
    private const int ShortLife = 24_000;
    private const int LongLife = 2_000_000; // an answer that never fits into a connection's life would never arrive
    private const int LongestTime = 20_000; // ms
    private const int LongestDelay = 40; // ms
    private const int LatestArrival = 1500; // ms

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _service;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private int _cuts;
    private int _repeats;
    private int _relays;

    public RoughNetwork(Uri service, int seed)
    {
        _service = new IPEndPoint(IPAddress.Loopback, service.Port);
        _random = new Random(seed);
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that broke.</summary>
    public int Cuts => _cuts;

    /// <summary>Connections that came a second time, late.</summary>
    public int Repeats => _repeats;

    /// <summary>Waits until all that is on its way has arrived, and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Volatile.Read(ref _relays) > 0)
        {
            await Task.Delay(20, patience.Token);
        }

        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _relays);
                _ = RelayAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        try
        {
            var sent = new MemoryStream();
            using var service = new TcpClient { NoDelay = true };
            using (client)
            {
                client.NoDelay = true;
                await service.ConnectAsync(_service);
                var left = new Budget { Bytes = Next(Next(4) == 0 ? LongLife : ShortLife) };
                var time = Task.Delay(1 + Next(LongestTime));
                if (await Task.WhenAny(CopyAsync(client, service, left, sent), CopyAsync(service, client, left, null), time) != time && left.Bytes > 0)
                {
                    return; // closed by one of them
                }

                Interlocked.Increment(ref _cuts);
                client.LingerState = new LingerOption(true, 0); // as a dead network does: without a farewell
            }

            byte[] again;
            lock (sent)
            {
                again = sent.ToArray();
            }

            if (again.Length > 0 && Next(3) == 0)
            {
                await Task.Delay(Next(LatestArrival));
                await RepeatAsync(again);
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The service has closed first.
        }
        finally
        {
            Interlocked.Decrement(ref _relays);
        }
    }

    // The answers go nowhere; that they end is known when the service closes, which it does once its client has.
    private async Task RepeatAsync(byte[] bytes)
    {
        using var service = new TcpClient { NoDelay = true };
        await service.ConnectAsync(_service);
        await service.GetStream().WriteAsync(bytes);
        Interlocked.Increment(ref _repeats);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var buffer = new byte[16 * 1024];
        try
        {
            while (await service.GetStream().ReadAsync(buffer, enough.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // A question that takes its time, such as a Receive.
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Budget left, MemoryStream? kept)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                if (kept is not null)
                {
                    lock (kept)
                    {
                        kept.Write(buffer, 0, count);
                    }
                }

                await Task.Delay(Next(LongestDelay));
                var allowed = Math.Min(count, Interlocked.Add(ref left.Bytes, -count) + count);
                if (allowed > 0)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, allowed));
                }

                if (allowed < count)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other direction was first.
        }
    }

    private int Next(int below)
    {
        lock (_random)
        {
            return _random.Next(below);
        }
    }

    private sealed class Budget
    {
        public int Bytes;
    }
}
