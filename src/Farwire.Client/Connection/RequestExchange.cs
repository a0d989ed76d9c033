using System.Text;

namespace Farwire.Client.Connection;

/// <summary>Each request proves itself, or nobody does: none, Basic, client certificates. Requests share a pool of connections.</summary>
/// <remarks>RFC 7617 for Basic; MS-WSMV, "Client certificate authentication": a header that only says that TLS has proved it.</remarks>
internal sealed class RequestExchange : IHttpExchange
{
    private const string MutualProfile = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    private readonly WSManConnectionOptions _options;
    private readonly HttpConnections _connections;
    private readonly AuthenticationMethod _method;
    private readonly string? _authorization;

    public RequestExchange(WSManConnectionOptions options, AuthenticationMethod method)
    {
        _options = options;
        _method = method;
        _connections = new HttpConnections(options, single: false);
        _authorization = method switch
        {
            AuthenticationMethod.Basic => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}")),
            AuthenticationMethod.Certificate => MutualProfile,
            _ => null,
        };
    }

    public Task<HttpAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        _connections.PostAsync(message, _authorization, cancellationToken);

    public WSManTransportException Refused(HttpAnswer answer)
    {
        var problem = _method switch
        {
            AuthenticationMethod.Basic => $"{_options.Address} refused the user name or the password.",
            AuthenticationMethod.Certificate => $"{_options.Address} refused the client certificate.",
            _ => $"{_options.Address} wants to know who you are.",
        };
        return new WSManTransportException(TransportFailure.Authentication, problem, answer.Offered.Length > 0
            ? $"Check {(_method == AuthenticationMethod.Certificate ? "that the certificate is mapped to a user there" : "user and password")}; the service offers {answer.Offered}."
            : "The service offers no way to authenticate here: over HTTP it may refuse clear text; use https.");
    }

    public void Dispose() => _connections.Dispose();
}
