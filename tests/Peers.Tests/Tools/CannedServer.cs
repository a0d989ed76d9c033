using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Farwire.Peers.Tests.Tools;

/// <summary>A port that answers every request with the same bytes, and then closes: servers that are broken on purpose.</summary>
internal sealed class CannedServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly byte[] _answer;
    private readonly X509Certificate2? _certificate;

    public CannedServer(string answer, X509Certificate2? certificate = null, int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _answer = Encoding.UTF8.GetBytes(answer);
        _certificate = certificate;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>An answer in HTTP with a date of its own.</summary>
    public static string Http(string status, string headers = "", string body = "", DateTimeOffset? date = null) =>
        $"HTTP/1.1 {status}\r\nDate: {date ?? DateTimeOffset.UtcNow:R}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>A certificate for a name and a time, signed by itself.</summary>
    public static X509Certificate2 Certificate(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.CreateSelfSigned(from, to);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

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
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    stream = tls;
                }

                // One read is the request's head: what is asked does not matter.
                if (await stream.ReadAsync(new byte[8192]) > 0)
                {
                    await stream.WriteAsync(_answer);
                    await stream.FlushAsync();
                }
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // The client went away.
            }
        }
    }
}
