using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Farwire.Peers.Tests.ShellApi;

/// <summary>A way to the service that can be broken and mended.</summary>
internal sealed class SwitchedProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly int _service;
    private volatile bool _broken;

    public SwitchedProxy(Uri service)
    {
        _service = service.Port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections end, and new ones end at once.</summary>
    public void Break()
    {
        _broken = true;
        foreach (var client in _open)
        {
            client.Dispose();
        }
    }

    public void Mend() => _broken = false;

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Break();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                if (_broken)
                {
                    client.Dispose();
                    continue;
                }

                _ = RelayAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var service = new TcpClient();
        try
        {
            await service.ConnectAsync(IPAddress.Loopback, _service);
            _open.Add(client);
            _open.Add(service);
            await Task.WhenAny(client.GetStream().CopyToAsync(service.GetStream()), service.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was broken.
        }
        finally
        {
            client.Dispose();
        }
    }
}
