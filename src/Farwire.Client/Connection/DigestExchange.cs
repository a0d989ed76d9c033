using System.Net;
using Farwire.Security.Digest;

namespace Farwire.Client.Connection;

/// <summary>Digest: the first request is empty and fetches a challenge, each one after it answers.</summary>
/// <remarks>RFC 7616. An old nonce costs one more request.</remarks>
internal sealed class DigestExchange(WSManConnectionOptions options) : IHttpExchange
{
    private readonly HttpConnections _connections = new(options, single: false);
    private readonly DigestClient _digest = new(options.User ?? "", options.Password ?? "");

    public async Task<HttpAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (!_digest.IsReady)
        {
            var probe = await _connections.PostAsync(OutgoingMessage.Empty, null, cancellationToken).ConfigureAwait(false);
            if (!Take(probe, out _))
            {
                throw new WSManTransportException(
                    TransportFailure.Authentication,
                    $"{options.Address} does not offer Digest.",
                    probe.Offered.Length > 0 ? $"It offers {probe.Offered}." : "Windows services never do; BMCs and openwsman do.");
            }
        }

        var answer = await AskAsync(message, cancellationToken).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.Unauthorized && Take(answer, out var isStale) && isStale
            ? await AskAsync(message, cancellationToken).ConfigureAwait(false)
            : answer;
    }

    public WSManTransportException Refused(HttpAnswer answer) => new(
        TransportFailure.Authentication, $"{options.Address} refused the user name or the password (Digest).", $"Check user and password; the service offers {answer.Offered}.");

    public void Dispose() => _connections.Dispose();

    private Task<HttpAnswer> AskAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        _connections.PostAsync(message, "Digest " + _digest.Authorize("POST", options.Address.PathAndQuery), cancellationToken);

    private bool Take(HttpAnswer answer, out bool isStale) => _digest.TryTake(
        answer.Challenges.Where(c => c.Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase)).Select(c => c.Token), out isStale);
}
