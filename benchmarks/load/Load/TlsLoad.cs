using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Farwire.Benchmarks.Load.Load;

/// <summary>TLS connections, each a task of its own.</summary>
internal sealed class TlsLoad : ILoad
{
    private readonly SslStream[] _streams;
    private readonly byte[] _request;

    public TlsLoad(Uri address, string certificateSha256, byte[] request, int connections)
    {
        _request = request;
        _streams = [.. Enumerable.Range(0, connections).Select(_ => Connect(address, certificateSha256))];
    }

    public Slice Run(TimeSpan time)
    {
        var whole = new Slice();
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var parts = Task.WhenAll(_streams.Select(stream => Task.Run(() => RunAsync(stream, end)))).GetAwaiter().GetResult();
        foreach (var part in parts)
        {
            whole.Add(part);
        }

        return whole.End();
    }

    public void Dispose()
    {
        foreach (var stream in _streams)
        {
            stream.Dispose();
        }
    }

    private async Task<Slice> RunAsync(SslStream stream, long end)
    {
        var slice = new Slice();
        var buffer = new byte[64 * 1024];
        while (Stopwatch.GetTimestamp() < end)
        {
            var sent = Stopwatch.GetTimestamp();
            await stream.WriteAsync(_request);
            var received = 0;
            do
            {
                var read = await stream.ReadAsync(buffer.AsMemory(received));
                received += read > 0 ? read : throw new IOException("The server closed a connection.");
            }
            while (HttpAnswer.Length(buffer.AsSpan(0, received)) != received);
            slice.Add(sent);
        }

        return slice;
    }

    private static SslStream Connect(Uri address, string certificateSha256)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, address.Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        stream.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString(HashAlgorithmName.SHA256).Equals(certificateSha256, StringComparison.OrdinalIgnoreCase) is true,
        });
        return stream;
    }
}
