using System.Net.Sockets;

namespace Farwire.Daemon;

/// <summary>The way to the running service of this machine.</summary>
internal static class LocalEndpoint
{
    /// <summary>A client whose every request goes to the socket at <paramref name="path"/>.</summary>
    public static HttpClient Client(string path) => new(new SocketsHttpHandler { ConnectCallback = async (_, cancellation) => await ConnectAsync(path, cancellation).ConfigureAwait(false) });

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
