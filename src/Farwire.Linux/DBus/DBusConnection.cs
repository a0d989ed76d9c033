using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Farwire.Linux.Accounts;

namespace Farwire.Linux.DBus;

/// <summary>A connection to a message bus: calls with their answers, many at a time, and signals.</summary>
/// <remarks>D-Bus Specification, "Authentication Protocol" and "Message Bus Specification".</remarks>
public sealed class DBusConnection : IAsyncDisposable
{
    private const string Bus = "org.freedesktop.DBus";
    private const int MaxAuthenticationLine = 1024;
    private const int MaxPending = 100; // dbus-daemon(1): the system bus refuses more than 128

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _pendingPlaces = new(MaxPending);
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<DBusMessage>> _pending = [];
    private readonly ConcurrentDictionary<int, (string? Path, string Interface, string Member, Action<DBusMessage> Handler)> _handlers = [];
    private readonly Lock _ending = new();
    private Task _receiving = Task.CompletedTask;
    private uint _serial;
    private int _handlerId;
    private DBusException? _ended;

    private DBusConnection(Socket socket, TimeProvider time)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream);
        _time = time;
    }

    /// <summary>The name that the bus gave this connection.</summary>
    public string UniqueName { get; private set; } = "";

    /// <summary>False once the bus is gone; every call fails then.</summary>
    public bool IsOpen => Volatile.Read(ref _ended) is null;

    /// <summary>Connects as this process's user.</summary>
    /// <exception cref="DBusException">There is no bus at this address, or it does not want us.</exception>
    public static async Task<DBusConnection> OpenAsync(UnixDomainSocketEndPoint address, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(address, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new DBusException(DBusException.Disconnected, $"no message bus answers at {address}: {e.Message}");
        }

        var connection = new DBusConnection(socket, time);
        try
        {
            await connection.AuthenticateAsync(either.Token).ConfigureAwait(false);
            connection._receiving = connection.ReceiveAsync();
            var hello = await connection.CallAsync(new DBusCall(Bus, "/org/freedesktop/DBus", Bus, "Hello"), cancellationToken).ConfigureAwait(false);
            connection.UniqueName = hello.Body().String();
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (e is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new DBusException(DBusException.Disconnected, $"the message bus at {address} ended the handshake: {e.Message}");
            }

            throw;
        }
    }

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <exception cref="DBusException">The answer is an error, or none comes in time.</exception>
    public async Task<DBusMessage> CallAsync(DBusCall call, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        await _pendingPlaces.WaitAsync(cancellationToken).ConfigureAwait(false);
        var serial = Interlocked.Increment(ref _serial);
        try
        {
            var answer = new TaskCompletionSource<DBusMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_ending)
            {
                if (_ended is { } ended)
                {
                    throw ended;
                }

                _pending[serial] = answer;
            }

            await SendAsync(call.Write(serial), cancellationToken).ConfigureAwait(false);
            var message = await answer.Task.WaitAsync(patience ?? Patience, _time, cancellationToken).ConfigureAwait(false);
            return message.Type == DBusMessageType.MethodReturn ? message : throw ErrorOf(message);
        }
        catch (TimeoutException)
        {
            throw new DBusException(DBusException.NoReply, $"{call.Destination} did not answer {call.Member} within {(patience ?? Patience).TotalSeconds} s");
        }
        finally
        {
            _pending.TryRemove(serial, out _);
            _pendingPlaces.Release();
        }
    }

    /// <summary>Lets <paramref name="handler"/> see signals. It runs where messages are received, so it must not wait.</summary>
    /// <param name="path">Of this object; with a slash at its end, of all below; null of all.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="member">The signal.</param>
    /// <param name="handler">Sees it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SubscribeAsync(string? path, string interfaceName, string member, Action<DBusMessage> handler, CancellationToken cancellationToken)
    {
        var rule = $"type='signal',interface='{interfaceName}',member='{member}'" + (path is null ? "" : path.EndsWith('/') ? $",path_namespace='{path.TrimEnd('/')}'" : $",path='{path}'");
        _handlers[Interlocked.Increment(ref _handlerId)] = (path, interfaceName, member, handler);
        await CallAsync(new DBusCall(Bus, "/org/freedesktop/DBus", Bus, "AddMatch") { Signature = "s", Arguments = w => w.String(rule) }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Closes the connection; open calls fail.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new DBusException(DBusException.Disconnected, "the connection was closed"));
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await _reader.CompleteAsync().ConfigureAwait(false);
    }

    // 1. A zero byte, which carries our credentials. 2. AUTH EXTERNAL with the user id. 3. OK. 4. BEGIN.
    private async Task AuthenticateAsync(CancellationToken cancellationToken)
    {
        var user = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(AccountDirectory.OwnId.ToString(CultureInfo.InvariantCulture)));
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"\0AUTH EXTERNAL {user}\r\n"), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.ASCII.GetString(result.Buffer.Slice(0, end));
                _reader.AdvanceTo(result.Buffer.GetPosition(1, end));
                if (!line.StartsWith("OK ", StringComparison.Ordinal))
                {
                    throw new DBusException("org.freedesktop.DBus.Error.AuthFailed", $"the message bus refused this process's user: {line.Trim()}");
                }

                break;
            }

            if (result.IsCompleted || result.Buffer.Length > MaxAuthenticationLine)
            {
                throw new DBusException(DBusException.Disconnected, "the message bus ended the handshake");
            }

            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        await _stream.WriteAsync("BEGIN\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A message that is sent in part cannot be taken back: from here on only the end of the connection stops it.
            await _stream.WriteAsync(message, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new DBusException(DBusException.Disconnected, e.Message);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var result = await _reader.ReadAsync().ConfigureAwait(false);
                var rest = result.Buffer;
                while (TryTake(ref rest) is { } message)
                {
                    Deliver(message);
                }

                _reader.AdvanceTo(rest.Start, rest.End);
                if (result.IsCompleted)
                {
                    End(new DBusException(DBusException.Disconnected, "the message bus ended the connection"));
                    return;
                }
            }
        }
        catch (Exception e)
        {
            // Whatever it is, nobody listens any more: those who wait must know.
            End(e as DBusException ?? new DBusException(DBusException.Disconnected, e.Message));
        }
    }

    private static DBusMessage? TryTake(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < DBusMessage.FixedBytes)
        {
            return null;
        }

        Span<byte> start = stackalloc byte[DBusMessage.FixedBytes];
        buffer.Slice(0, DBusMessage.FixedBytes).CopyTo(start);
        var length = DBusMessage.LengthOf(start);
        if (buffer.Length < length)
        {
            return null;
        }

        var message = DBusMessage.Parse(buffer.Slice(0, length).ToArray());
        buffer = buffer.Slice(length);
        return message;
    }

    private void Deliver(DBusMessage message)
    {
        if (message.Type is DBusMessageType.MethodReturn or DBusMessageType.Error)
        {
            if (_pending.TryRemove(message.ReplySerial, out var waiting))
            {
                waiting.TrySetResult(message);
            }
        }
        else if (message.Type == DBusMessageType.Signal)
        {
            foreach (var (path, interfaceName, member, handler) in _handlers.Values)
            {
                if (message.Member == member && message.Interface == interfaceName && (path is null || message.Path == path || (path.EndsWith('/') && message.Path?.StartsWith(path, StringComparison.Ordinal) == true)))
                {
                    handler(message);
                }
            }
        }
    }

    private void End(DBusException reason)
    {
        lock (_ending)
        {
            _ended ??= reason;
        }

        foreach (var serial in _pending.Keys)
        {
            if (_pending.TryRemove(serial, out var waiting))
            {
                waiting.TrySetException(reason);
            }
        }
    }

    private static DBusException ErrorOf(DBusMessage message) => new(
        message.ErrorName ?? "org.freedesktop.DBus.Error.Failed",
        message.Signature.StartsWith('s') ? message.Body().String() : "the call failed");
}
