using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Farwire.Client.Tests;

/// <summary>A peer that answers the first request with fixed bytes and closes.</summary>
internal sealed class CannedPeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private CannedPeer(string answer)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/wsman");
        _ = AnswerAsync(answer);
    }

    public Uri Address { get; }

    public static CannedPeer Start(string answer) => new(answer);

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(string answer)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var received = "";
        var buffer = new byte[8192];
        while (!received.Contains("</s:Envelope>", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is > 0 and var read)
        {
            received += Encoding.UTF8.GetString(buffer, 0, read);
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
    }
}
