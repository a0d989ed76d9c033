using System.Collections.Concurrent;
using System.Net.Sockets;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Roles;

/// <summary>A role behind a Unix socket.</summary>
/// <param name="name">What it is called for people.</param>
/// <param name="socket">The socket's file; it need not be there yet.</param>
/// <param name="uris">What the URIs of its resources begin with.</param>
/// <param name="paths">First segments of the paths that are its own.</param>
public sealed class RemoteRole(string name, string socket, IReadOnlyList<string> uris, IReadOnlyList<string> paths) : IRole, IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrentBag<Socket> _idle = [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Uris => uris;

    /// <inheritdoc/>
    public bool Takes(string resourceUri, string path) =>
        path.Length > 0
            ? paths.Any(first => path.StartsWith(first, StringComparison.OrdinalIgnoreCase) && (path.Length == first.Length || path[first.Length] == '/'))
            : resourceUri.Length > 0 && uris.Any(uri => resourceUri.StartsWith(uri, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public async ValueTask<EncodedReply> ForwardAsync(ReadOnlyMemory<byte> utf8, Caller caller, string path, CancellationToken clientGone)
    {
        var connection = await TakeAsync(clientGone).ConfigureAwait(false);
        try
        {
            var stream = new NetworkStream(connection, ownsSocket: false);
            await RoleFrames.WriteQuestionAsync(stream, CallerText.Of(caller), path, utf8, clientGone).ConfigureAwait(false);
            var head = new byte[5];
            await stream.ReadExactlyAsync(head, clientGone).ConfigureAwait(false);
            if (head[0] == RoleFrames.Busy)
            {
                _idle.Add(connection);
                throw new ServiceBusyException($"The {name} cannot take anything now.", TimeSpan.FromSeconds(RoleFrames.Length(head.AsSpan(1))));
            }

            var answer = new byte[RoleFrames.Length(head.AsSpan(1))];
            await stream.ReadExactlyAsync(answer, clientGone).ConfigureAwait(false);
            _idle.Add(connection);
            return answer.Length == 0 ? EncodedReply.None : new EncodedReply(answer, head[0] == RoleFrames.Fault);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException)
        {
            connection.Dispose();
            throw Gone(e);
        }
        catch (OperationCanceledException)
        {
            connection.Dispose(); // the role stops working on it
            throw;
        }
    }

    /// <summary>Closes the connections that nobody uses.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private async ValueTask<Socket> TakeAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var idle))
        {
            // Readable while nothing was asked: the other side has closed it.
            if (!idle.Poll(0, SelectMode.SelectRead))
            {
                return idle;
            }

            idle.Dispose();
        }

        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (SocketException e)
        {
            connection.Dispose();
            throw Gone(e);
        }
    }

    private ServiceBusyException Gone(Exception reason) => new($"The {name} does not run: {reason.Message}", RetryAfter);
}
