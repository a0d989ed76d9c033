using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;

namespace Farwire.Peers.Tests;

/// <summary>What a client sent: its first line, its headers, its body as text.</summary>
public sealed record Received(string RequestLine, string Head, string Body)
{
    public XElement Envelope => XElement.Parse(Body);

    public string Header(string localName) => Envelope.Descendants().First(e => e.Name.LocalName == localName).Value;

    public XElement Content => Envelope.Elements().First(e => e.Name.LocalName == "Body").Elements().First();
}

/// <summary>A port that keeps every HTTP request it gets and answers each with a SOAP body: it shows what a program sends.</summary>
public sealed class RecordingPeer : IDisposable
{
    private const string Open = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"><s:Header/><s:Body>";

    private readonly TcpListener _listener;
    private readonly Func<Received, string> _answer;
    private readonly ConcurrentQueue<Received> _received = new();

    private readonly Func<X509Certificate2?> _certificate;

    public RecordingPeer(Func<Received, string> answer, X509Certificate2? certificate = null)
        : this(answer, () => certificate)
    {
    }

    public RecordingPeer(Func<Received, string> answer, Func<X509Certificate2?> certificate, IPAddress? address = null)
    {
        (_answer, _certificate) = (answer, certificate);
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The challenge for a request that is not let in; null lets it in.</summary>
    public Func<Received, string?> Refuse { get; init; } = _ => null;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<Received> Requests => [.. _received];

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            Stream stream = client.GetStream();
            if (_certificate() is { } certificate)
            {
                var tls = new SslStream(stream);
                try
                {
                    await tls.AuthenticateAsServerAsync(certificate);
                }
                catch (Exception e) when (e is AuthenticationException or IOException)
                {
                    return; // the client does not believe the certificate
                }

                stream = tls;
            }

            while (await ReadAsync(stream) is { } request)
            {
                _received.Enqueue(request);
                if (request.RequestLine.StartsWith("CONNECT", StringComparison.Ordinal))
                {
                    await stream.WriteAsync("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                    return;
                }

                if (Refuse(request) is { } challenge)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {challenge}\r\nContent-Length: 0\r\n\r\n"));
                    continue;
                }

                var content = _answer(request);
                var status = content.Contains("<s:Fault>", StringComparison.Ordinal) ? "500 " : "200 ";
                var body = Encoding.UTF8.GetBytes(Open + content + "</s:Body></s:Envelope>");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {status}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {body.Length}\r\n\r\n"));
                await stream.WriteAsync(body);
            }
        }
    }

    private static async Task<Received?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var text = Encoding.ASCII.GetString([.. head]);
        var length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1];
        var body = new byte[length is null ? 0 : int.Parse(length, CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body);
        var content = body is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(body, 2, body.Length - 2) : Encoding.UTF8.GetString(body);
        return new Received(text.Split("\r\n")[0], text, content);
    }
}
