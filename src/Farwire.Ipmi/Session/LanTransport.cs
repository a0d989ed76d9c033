using System.Net.Sockets;
using System.Security.Cryptography;
using Farwire.Ipmi.Rmcp;

namespace Farwire.Ipmi.Session;

/// <summary>A controller over the network: opens a session when it is first needed, keeps it alive, and opens another when it was lost.</summary>
/// <remarks>IPMI 2.0, "RMCP+". One request is under way at a time: many controllers lose the second of two.</remarks>
public sealed class LanTransport : IIpmiTransport
{
    private static readonly IpmiRequest StillThere = new(NetworkFunction.Application, 0x01); // Get Device ID

    private readonly LanOptions _options;
    private readonly Func<LanOptions, CancellationToken, ValueTask<IDatagrams>> _connect;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly byte[] _sending = new byte[SealedPacket.MaxBytes];
    private readonly byte[] _receiving = new byte[SealedPacket.MaxBytes];
    private readonly ITimer? _keepAlive;
    private LanExchange? _exchange;
    private LanSession? _session;
    private byte _messageSequence;
    private long _lastUse;
    private bool _proven; // the session answered at least once
    private bool _disposed;

    /// <summary>Prepares the way; nothing is sent yet.</summary>
    public LanTransport(LanOptions options, TimeProvider? time = null)
        : this(options, time ?? TimeProvider.System, UdpDatagrams.ConnectAsync)
    {
    }

    internal LanTransport(LanOptions options, TimeProvider time, Func<LanOptions, CancellationToken, ValueTask<IDatagrams>> connect)
    {
        options.Validate();
        (_options, _time, _connect) = (options, time, connect);
        if (options.KeepAlive > TimeSpan.Zero)
        {
            _keepAlive = time.CreateTimer(_ => _ = KeepAliveAsync(), null, options.KeepAlive, options.KeepAlive);
        }
    }

    /// <inheritdoc/>
    public string Address => _options.Address;

    /// <summary>The suite of the session, once one was opened.</summary>
    public CipherSuite? CipherSuite { get; private set; }

    /// <summary>Datagrams that came in and were dropped: cut, forged, repeated or of another session.</summary>
    public long Dropped => _exchange?.Dropped ?? 0;

    /// <summary>Sessions opened so far.</summary>
    public int Sessions { get; private set; }

    /// <summary>Opens the session now, to learn at once whether it can be.</summary>
    /// <exception cref="IpmiTransportException">There is no session to be had.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await EnsureSessionAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IpmiResponse> RequestAsync(IpmiRequest request, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await EnsureSessionAsync(cancellationToken).ConfigureAwait(false);
            if (await AskAsync(request, cancellationToken).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }

            // A controller that was restarted, or dropped the session as idle, says nothing: a session that worked before is opened once more.
            var worked = _proven;
            Forget();
            if (worked)
            {
                await EnsureSessionAsync(cancellationToken).ConfigureAwait(false);
                if (await AskAsync(request, cancellationToken).ConfigureAwait(false) is { } second)
                {
                    return second;
                }

                Forget();
            }

            throw Silent();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_keepAlive is not null)
        {
            await _keepAlive.DisposeAsync().ConfigureAwait(false);
        }

        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (_session is not null)
            {
                await CloseAsync(_session).ConfigureAwait(false);
            }

            Forget();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask EnsureSessionAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_session is not null)
        {
            return;
        }

        try
        {
            _exchange = new LanExchange(await _connect(_options, cancellationToken).ConfigureAwait(false), _options, _time, _sending, _receiving, Dropped);
            var opened = await new SessionOpening(_options, _exchange).OpenAsync(cancellationToken).ConfigureAwait(false);
            (_session, CipherSuite) = opened;
            Sessions++;
            _proven = false;
            await RaisePrivilegeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (_session is not null)
            {
                await CloseAsync(_session).ConfigureAwait(false);
            }

            Forget();
            throw;
        }
    }

    // A session begins at the level User, whatever was asked for.
    private async ValueTask RaisePrivilegeAsync(CancellationToken cancellationToken)
    {
        var raise = new IpmiRequest(NetworkFunction.Application, 0x3B, new[] { (byte)_options.Privilege });
        var answer = await AskAsync(raise, cancellationToken).ConfigureAwait(false) ?? throw Silent();
        if (answer.CompletionCode != CompletionCode.Ok || (answer.Data.Length > 0 && (answer.Data.Span[0] & 0x0F) < (byte)_options.Privilege))
        {
            throw RakpStatus.UnauthorizedRole.Refusal(Address, _options);
        }
    }

    private async ValueTask<IpmiResponse?> AskAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        var session = _session!;
        var sequence = _messageSequence = (byte)((_messageSequence + 1) % LanMessage.SequenceCount);
        _lastUse = _time.GetTimestamp();
        var answer = await _exchange!.AskAsync(
            datagram =>
            {
                Span<byte> initialVector = stackalloc byte[16];
                RandomNumberGenerator.Fill(initialVector);
                return session.Write(datagram, sequence, request, initialVector);
            },
            (ReadOnlySpan<byte> datagram, out IpmiResponse response) => session.Read(datagram, sequence, request, out response),
            cancellationToken).ConfigureAwait(false);
        _proven |= answer is not null;
        return answer;
    }

    // Sent once and without waiting: the controller ends a forgotten session by itself.
    private async ValueTask CloseAsync(LanSession session)
    {
        var data = BitConverter.GetBytes(BitConverter.IsLittleEndian ? session.ControllerId : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(session.ControllerId));
        var initialVector = RandomNumberGenerator.GetBytes(16);
        var length = session.Write(_sending, 0, new IpmiRequest(NetworkFunction.Application, 0x3C, data), initialVector);
        try
        {
            await _exchange!.SendAsync(length, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // Whoever cannot be told that the session is over has no session either.
        }
    }

    private async Task KeepAliveAsync()
    {
        // While a request is under way, the session is alive.
        if (_disposed || !await _turn.WaitAsync(0).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            if (_session is not null && _time.GetElapsedTime(_lastUse) >= _options.KeepAlive
                && await AskAsync(StillThere, CancellationToken.None).ConfigureAwait(false) is null)
            {
                Forget();
            }
        }
        catch (Exception e) when (e is IpmiException or SocketException)
        {
            Forget(); // the next request opens another session, or says what is wrong
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Forget()
    {
        _session?.Dispose();
        _session = null;
        _exchange?.Dispose();
    }

    private IpmiTransportException Silent() => new(
        IpmiTransportFailure.NoAnswer, $"{Address} did not answer, asked {_options.Attempts} times. Check the address, and that IPMI over LAN is enabled.");
}
