using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Roles;

/// <summary>The role's side: takes messages from the edge and serves them by its own dispatcher, which decides again who may do what.</summary>
public sealed class RoleServer : IAsyncDisposable
{
    private readonly Dispatcher _dispatcher;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private RoleServer(Dispatcher dispatcher, Socket listener)
    {
        (_dispatcher, _listener) = (dispatcher, listener);
        _run = AcceptAsync();
    }

    /// <summary>Listens at a socket that the account of this process alone may open: whoever can says for others who they are.</summary>
    /// <exception cref="SocketException">The socket cannot be made.</exception>
    public static RoleServer Start(string path, Dispatcher dispatcher)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite); // before it listens
            }

            listener.Listen(512);
            return new RoleServer(dispatcher, listener);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var connection = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
            _ = Task.Run(() => ServeAsync(connection));
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        var head = new byte[RoleFrames.HeadLength];
        byte[] lastCaller = [];
        Caller? caller = null;
        try
        {
            var next = NextAsync(stream, head);
            while (await next.ConfigureAwait(false))
            {
                var lengths = (Caller: RoleFrames.Length(head), Path: RoleFrames.Length(head.AsSpan(4)), Message: RoleFrames.Length(head.AsSpan(8)));
                var total = lengths.Caller + lengths.Path + lengths.Message;
                var buffer = ArrayPool<byte>.Shared.Rent(total);
                try
                {
                    await stream.ReadExactlyAsync(buffer.AsMemory(0, total), _stop.Token).ConfigureAwait(false);
                    if (caller is null || !lastCaller.AsSpan().SequenceEqual(buffer.AsSpan(0, lengths.Caller)))
                    {
                        // The same object as long as it is the same caller: rights are worked out once.
                        lastCaller = buffer[..lengths.Caller];
                        caller = CallerText.Read(lastCaller);
                    }

                    var path = Encoding.UTF8.GetString(buffer, lengths.Caller, lengths.Path);
                    next = NextAsync(stream, head);
                    await AnswerAsync(stream, buffer.AsMemory(lengths.Caller + lengths.Path, lengths.Message), caller, path, next).ConfigureAwait(false);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            // The edge is gone, or this side stops; the edge asks again on another connection.
        }
    }

    // What is read while a message is worked on is the next one, or the end: then nobody waits for the answer any more.
    private async Task AnswerAsync(Stream stream, ReadOnlyMemory<byte> message, Caller caller, string path, Task<bool> next)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _ = CancelAtEndAsync(next, gone);
        try
        {
            // The frames of a role have one answer; what says that a long operation lives is for networks.
            var first = await _dispatcher.ProcessAsync(message, caller, gone.Token, path).ConfigureAwait(false);
            using var reply = await first.LastAsync(gone.Token).ConfigureAwait(false);
            await RoleFrames.WriteAnswerAsync(stream, reply.IsFault ? RoleFrames.Fault : RoleFrames.Answer, reply.Utf8.Length, reply.Utf8, _stop.Token).ConfigureAwait(false);
        }
        catch (ServiceBusyException e)
        {
            await RoleFrames.WriteAnswerAsync(stream, RoleFrames.Busy, (int)e.RetryAfter.TotalSeconds, default, _stop.Token).ConfigureAwait(false);
        }
    }

    private static async Task CancelAtEndAsync(Task<bool> next, CancellationTokenSource gone)
    {
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!next.IsCompletedSuccessfully || !await next.ConfigureAwait(false))
        {
            try
            {
                await gone.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // The answer was given already.
            }
        }
    }

    private async Task<bool> NextAsync(Stream stream, byte[] head) =>
        await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, _stop.Token).ConfigureAwait(false) == head.Length;
}
