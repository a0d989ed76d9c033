using System.Net.Security;
using System.Net.Sockets;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using System.Text;
using Farwire.AspNetCore;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.TestKit;

/// <summary>A real service on loopback ports with a shelf of boxes behind it.</summary>
public sealed class EdgeService : IAsyncDisposable
{
    public const string Basic = "Basic QW5uOnNlY3JldA=="; // Ann:secret

    private readonly string _folder;
    private readonly WSManServer _server;

    private readonly X509Certificate2 _certificate;

    private EdgeService(string folder, WSManServer server, Dispatcher dispatcher, ShelfResource boxes, X509Certificate2 certificate)
    {
        (_folder, _server, Dispatcher, Boxes, _certificate) = (folder, server, dispatcher, boxes, certificate);
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = IsOurs } };
        Client = new HttpClient(handler);
    }

    public Dispatcher Dispatcher { get; }

    public ShelfResource Boxes { get; }

    public HttpClient Client { get; }

    public string CertificateSha256 => Convert.ToHexStringLower(_certificate.GetCertHash(HashAlgorithmName.SHA256));

    public X509Certificate2Collection Authorities => [_certificate];

    public Uri Http => _server.Addresses[0];

    public Uri Https => _server.Addresses[1];

    /// <param name="allowUnencrypted">Clear text is taken over HTTP.</param>
    /// <param name="options">The engine's.</param>
    /// <param name="edge">The edge's.</param>
    /// <param name="more">Adds resources.</param>
    /// <param name="schemes">What is offered, with the one user there is; Negotiate and Basic when null.</param>
    public static async Task<EdgeService> StartAsync(
        bool allowUnencrypted = true,
        ServiceOptions? options = null,
        WSManEdgeOptions? edge = null,
        Action<ResourceCatalog>? more = null,
        Func<UserStore, SecretKey, IReadOnlyList<IAuthenticationScheme>>? schemes = null)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-test-").FullName;
        var users = UserStore.Open(Path.Combine(folder, "users"));
        var secrets = SecretKey.Ephemeral();
        users.Put(new StoredUser("Ann", Environment.UserName, PasswordHash.Of("secret", 1000), secrets.Seal("Ann", NtlmService.NtHashPurpose, NtHash.Of("secret"))));
        users.Put(new StoredUser("Bob", Environment.UserName, PasswordHash.Of("secret", 1000), secrets.Seal("Bob", NtlmService.NtHashPurpose, NtHash.Of("secret"))));
        var boxes = new ShelfResource();
        for (var i = 0; i < 3; i++)
        {
            boxes.Put(new Box("box" + i) { Tags = ["\u00fcber"] });
        }

        var catalog = new ResourceCatalog().Add(ShelfResource.Uri, boxes);
        more?.Invoke(catalog);
        var dispatcher = new Dispatcher(catalog, options);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var server = await WSManServer.StartAsync(
            [new Listener(new IPEndPoint(IPAddress.Loopback, 0)), new Listener(new IPEndPoint(IPAddress.Loopback, 0), certificate)],
            dispatcher,
            schemes?.Invoke(users, secrets) ?? Schemes(users, secrets),
            (edge ?? new WSManEdgeOptions()) with { AllowUnencrypted = allowUnencrypted });
        return new EdgeService(folder, server, dispatcher, boxes, certificate);
    }

    private static List<IAuthenticationScheme> Schemes(UserStore users, SecretKey secrets)
    {
        var guesses = new GuessLimit(TimeProvider.System);
        return [.. NegotiateScheme.For(new NtlmService(users, secrets, guesses, TimeProvider.System), null), new BasicScheme(users, TimeProvider.System, guesses)];
    }

    public static byte[] Bytes(MessageHeaders headers, IBody? body = null)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Request(headers, body ?? EmptyBody.Instance));
        return xml.Written.ToArray();
    }

    public async Task<HttpResponseMessage> PostAsync(
        Uri address, byte[] body, string? contentType = "application/soap+xml;charset=UTF-8", string? authorization = Basic, Action<HttpRequestMessage>? more = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        more?.Invoke(request);
        return await Client.SendAsync(request);
    }

    /// <summary>Sends raw bytes and reads until the service closes or the text is there.</summary>
    public async Task<string> RawAsync(string text, Func<string, bool> until)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Http.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        var received = new StringBuilder();
        var buffer = new byte[8192];
        while (!until(received.ToString()) && await stream.ReadAsync(buffer) is > 0 and var read)
        {
            received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return received.ToString();
    }

    public async Task<SslStream> TlsAsync()
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Https.Port);
        var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, IsOurs);
        await tls.AuthenticateAsClientAsync("localhost");
        return tls;
    }

    private bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.GetCertHashString() == _certificate.GetCertHashString();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        await Dispatcher.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
