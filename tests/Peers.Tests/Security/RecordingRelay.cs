using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Security;

/// <summary>A port that leads to another, and keeps what went over it in both directions.</summary>
internal sealed partial class RecordingRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly StringBuilder _seen = new();

    public RecordingRelay(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every token that went by in a header, in base64; of Digest the response.</summary>
    public IReadOnlyList<string> Tokens
    {
        get
        {
            lock (_seen)
            {
                return [.. Token().Matches(_seen.ToString()).Select(match => match.Groups[1].Value).Distinct()];
            }
        }
    }

    /// <summary>Every envelope that went by in clear text.</summary>
    public IReadOnlyList<string> Envelopes
    {
        get
        {
            lock (_seen)
            {
                return [.. Envelope().Matches(_seen.ToString()).Select(match => match.Value)];
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    [GeneratedRegex("(?:Authorization|WWW-Authenticate): (?:(?:Negotiate|Kerberos|CredSSP|Basic) |Digest .*response=\")([A-Za-z0-9+/=]{12,})")]
    private static partial Regex Token();

    [GeneratedRegex("<s:Envelope .*?</s:Envelope>", RegexOptions.Singleline)]
    private static partial Regex Envelope();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var service = new TcpClient())
        {
            await service.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(CopyAsync(client.GetStream(), service.GetStream()), CopyAsync(service.GetStream(), client.GetStream()));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                lock (_seen)
                {
                    _seen.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // One side is gone; so is the other.
        }
    }
}
