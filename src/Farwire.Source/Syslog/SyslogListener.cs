using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Farwire.Linux.Journal;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Syslog;

/// <summary>Takes messages of syslog at one place, and keeps them in the journal.</summary>
public sealed class SyslogListener : IAsyncDisposable
{
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(30);

    private readonly SyslogOptions _options;
    private readonly SyslogJournal _journal;
    private readonly ILogger _logger;
    private readonly Socket _socket;
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private SyslogListener(SyslogOptions options, SyslogJournal journal, ILogger logger, Socket socket)
    {
        (_options, _journal, _logger, _socket) = (options, journal, logger, socket);
        _room = new SemaphoreSlim(options.MaxConnections);
        _run = Task.Run(options.Transport == SyslogTransport.Udp ? ReceiveAsync : AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Begins to listen.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="journal">Where messages go.</param>
    /// <param name="logger">Hears of what goes wrong.</param>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static SyslogListener Start(SyslogOptions options, JournalWriter journal, ILogger logger)
    {
        if (options.Transport == SyslogTransport.Tls && options.Certificate is null)
        {
            throw new ArgumentException("TLS needs a certificate.", nameof(options));
        }

        var udp = options.Transport == SyslogTransport.Udp;
        var socket = new Socket(options.EndPoint.AddressFamily, udp ? SocketType.Dgram : SocketType.Stream, udp ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            socket.Bind(options.EndPoint);
            if (!udp)
            {
                socket.Listen(512);
            }

            return new SyslogListener(options, new SyslogJournal(journal, TimeProvider.System, logger), logger, socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"Syslog cannot be taken at {options.EndPoint} ({options.Transport}): {e.Message}", e);
        }
    }

    /// <summary>Stops listening and ends the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var i = 0; i < _options.MaxConnections; i++)
        {
            await _room.WaitAsync().ConfigureAwait(false); // the last connections end
        }

        _room.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SyslogFrames.MaxMessage);
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var got = await _socket.ReceiveFromAsync(buffer.AsMemory(0, SyslogFrames.MaxMessage), SocketFlags.None, new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), _stop.Token).ConfigureAwait(false);
                if (got.ReceivedBytes > 0 && AddressOf(got.RemoteEndPoint) is var sender && IsWelcome(sender))
                {
                    await _journal.KeepAsync(buffer.AsMemory(0, got.ReceivedBytes), sender, SyslogTransport.Udp, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException && _stop.IsCancellationRequested)
        {
            // It stops.
        }
        catch (SocketException e)
        {
            Log.SyslogEnded(_logger, _options.EndPoint, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(_stop.Token).ConfigureAwait(false); // whoever comes when there is no room waits in the queue of the kernel
                var handed = false;
                try
                {
                    var connection = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                    handed = true;
                    _ = ServeAsync(connection);
                }
                finally
                {
                    if (!handed)
                    {
                        _room.Release();
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException && _stop.IsCancellationRequested)
        {
            // It stops.
        }
        catch (SocketException e)
        {
            Log.SyslogEnded(_logger, _options.EndPoint, e);
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using var network = new NetworkStream(connection, ownsSocket: true);
            var sender = AddressOf(connection.RemoteEndPoint!);
            if (!IsWelcome(sender))
            {
                return;
            }

            await using var stream = _options.Transport == SyslogTransport.Tls ? await SecureAsync(network).ConfigureAwait(false) : (Stream)network;
            var reader = PipeReader.Create(stream);
            var frames = new SyslogFrames(reader);
            while (await frames.NextAsync(_stop.Token).ConfigureAwait(false) is { } message)
            {
                await _journal.KeepAsync(message, sender, _options.Transport, _stop.Token).ConfigureAwait(false);
            }

            await reader.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            if (!_stop.IsCancellationRequested)
            {
                Log.SyslogSender(_logger, _options.EndPoint, e.Message);
            }
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<SslStream> SecureAsync(NetworkStream network)
    {
        var secure = new SslStream(network);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(HandshakePatience);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _options.Certificate,
                ClientCertificateRequired = _options.Authorities is not null,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => _options.Authorities is null || IsSigned(certificate),
            },
            patience.Token).ConfigureAwait(false);
        return secure;
    }

    private bool IsSigned(X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 shown)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_options.Authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an authority of one's own seldom has a list
        return chain.Build(shown);
    }

    private bool IsWelcome(IPAddress sender) => _options.Senders.Count == 0 || _options.Senders.Any(network => network.Contains(sender));

    private static IPAddress AddressOf(EndPoint end) => ((IPEndPoint)end).Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : ((IPEndPoint)end).Address;
}
