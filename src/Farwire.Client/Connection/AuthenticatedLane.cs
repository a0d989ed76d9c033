using System.Net;
using Farwire.Security;
using Farwire.Security.Sealing;

namespace Farwire.Client.Connection;

/// <summary>One connection that has proved who we are, and seals what it carries.</summary>
/// <remarks>
/// RFC 4559; MS-WSMV, "Encrypted message types". The steps of a message: 1. prove the connection, if it is new; 2. seal; 3. send; 4. when the service
/// has lost us (a connection ends unseen), prove anew and send once more; 5. open the answer. Over TLS nothing is sealed twice.
/// </remarks>
internal sealed class AuthenticatedLane(WSManConnectionOptions options, AuthenticationMethod method) : IDisposable
{
    private const int MaxLegs = 10;

    private readonly HttpConnections _connection = new(options, single: true);
    private readonly bool _mustSeal = options.Address.Scheme == Uri.UriSchemeHttp && !options.AllowUnencrypted;
    private ITokenInitiator? _initiator;
    private int _proved;

    public async Task<HttpAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        // 1
        var wasProved = IsProved;
        if (!wasProved)
        {
            await ProveAsync(cancellationToken).ConfigureAwait(false);
        }

        // 2 3
        var answer = await SealAndSendAsync(message, cancellationToken).ConfigureAwait(false);

        // 4
        if (answer.Status == HttpStatusCode.Unauthorized && (wasProved || !IsProved))
        {
            await ProveAsync(cancellationToken).ConfigureAwait(false);
            answer = await SealAndSendAsync(message, cancellationToken).ConfigureAwait(false);
        }

        // 5
        return _mustSeal ? Open(answer) : answer;
    }

    public void Dispose()
    {
        _initiator?.Dispose();
        _connection.Dispose();
    }

    private bool IsProved => _initiator is { IsComplete: true } && _proved == _connection.Opened;

    private async Task<HttpAnswer> SealAndSendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (!_mustSeal)
        {
            return await _connection.PostAsync(message, null, cancellationToken).ConfigureAwait(false);
        }

        var seal = _initiator!.Seal ?? throw Failed("it agreed on no sealing.", "Use https, or allow clear text on purpose.");
        using var buffer = new RentedBuffer(SealedBody.MaxBytes(message.Body.Length));
        var contentType = SealedBody.Write(seal, ProtocolOf(seal), message.ContentType, message.Body.Span, buffer);
        return await _connection.PostAsync(message with { Body = buffer.Written, ContentType = contentType }, null, cancellationToken).ConfigureAwait(false);
    }

    // Under Negotiate the name is always that of Negotiate, whatever it agreed on.
    private string ProtocolOf(IMessageSeal seal) => method == AuthenticationMethod.Negotiate ? SealedProtocol.Negotiate : seal.Protocol;

    private HttpAnswer Open(HttpAnswer answer)
    {
        if (answer.Body.Count == 0 || answer.Status == HttpStatusCode.Unauthorized)
        {
            return answer;
        }

        if (!SealedContentType.IsSealed(answer.ContentType))
        {
            // An error page of a proxy is told as what it is. A message is not believed: anyone on the way could have written it.
            return answer.ContentType?.Contains("soap", StringComparison.OrdinalIgnoreCase) is true || answer.IsSuccess
                ? throw Failed("it answered a sealed message in clear.", "Somebody may be in between; use https.")
                : answer;
        }

        try
        {
            var opened = SealedBody.Open(_initiator!.Seal!, SealedContentType.Read(answer.ContentType!), answer.Body);
            return answer with { Body = opened.Plain, ContentType = opened.ContentType };
        }
        catch (SecurityTokenException e)
        {
            throw Failed($"its answer cannot be opened: {e.Message}", "Somebody may be in between; try again, or use https.", e);
        }
    }

    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        // Kerberos binds its first token to TLS: the certificate must be known before.
        if (options.Address.Scheme == Uri.UriSchemeHttps && _connection.ServiceCertificate is null && method is AuthenticationMethod.Negotiate or AuthenticationMethod.Kerberos)
        {
            await _connection.PostAsync(OutgoingMessage.Empty, null, cancellationToken).ConfigureAwait(false);
        }

        _initiator?.Dispose();
        try
        {
            _initiator = Initiators.Make(options, method, _connection.ServiceCertificate);
            await ShakeAsync(_initiator, cancellationToken).ConfigureAwait(false);
        }
        catch (SecurityTokenException e)
        {
            var isUntrusted = !AuthenticationChoice.MayGoUnproved(options.Address) && !options.TrustedHosts.Holds(options.Address);
            throw Failed(
                e.Message,
                "Look which side lacks what: 'farwired check' there, 'klist' and the user's name here."
                + (isUntrusted && method == AuthenticationMethod.Negotiate ? $" Over HTTP NTLM was not tried, for {options.Address.Host} is not among the trusted hosts; use https, or --trusted-hosts." : ""),
                e);
        }
    }

    private async Task ShakeAsync(ITokenInitiator initiator, CancellationToken cancellationToken)
    {
        var token = await initiator.StepAsync("", cancellationToken).ConfigureAwait(false);
        for (var leg = 1; leg <= MaxLegs && token is not null; leg++)
        {
            var opened = _connection.Opened;
            var answer = await _connection.PostAsync(OutgoingMessage.Empty, $"{initiator.Scheme} {token}", cancellationToken).ConfigureAwait(false);
            if (leg > 1 && _connection.Opened != opened)
            {
                throw Failed($"the connection was closed after {initiator.Step}.", "A proxy on the way may not keep connections; go around it.");
            }

            var reply = answer.ChallengeOf(initiator.Scheme) ?? "";
            if (answer.Status == HttpStatusCode.Unauthorized && reply.Length == 0)
            {
                throw RefusedAt(initiator, leg, answer);
            }

            token = reply.Length > 0 ? await initiator.StepAsync(reply, cancellationToken).ConfigureAwait(false) : null;
            if (answer.Status != HttpStatusCode.Unauthorized)
            {
                if (!answer.IsSuccess)
                {
                    throw new WSManTransportException(
                        TransportFailure.HttpStatus, $"{options.Address} answered HTTP {(int)answer.Status} {answer.Reason} to {initiator.Step}.", "Check that address and port are those of a WinRM service.");
                }

                if (!initiator.IsComplete)
                {
                    throw Failed($"it ended the handshake early, at {initiator.Step}, without proving itself.", "Somebody may be in between.");
                }

                _proved = _connection.Opened;
                return;
            }
        }

        throw Failed($"the handshake came to no end at {initiator.Step}.", "Try another method.");
    }

    // Over HTTP a proxy has connections of its own to the service; each leg may arrive on another one.
    private Uri? ForgetfulProxy => options.Address.Scheme == Uri.UriSchemeHttp ? _connection.Through : null;

    private WSManTransportException RefusedAt(ITokenInitiator initiator, int leg, HttpAnswer answer) =>
        answer.ChallengeOf(initiator.Scheme) is null
            ? new WSManTransportException(
                TransportFailure.Authentication,
                $"{options.Address} does not offer {initiator.Scheme}.",
                answer.Offered.Length > 0 ? $"It offers {answer.Offered}." : "It offers nothing here: over HTTP it may refuse clear text; use https.")
            : new WSManTransportException(
                TransportFailure.Authentication,
                $"{options.Address} refused the user or the password, or has no account for it ({initiator.Step}){(leg > 1 && ForgetfulProxy is { } proxy ? $"; or the proxy {proxy} does not keep its connection to the service, and the service heard half a handshake" : "")}.",
                (leg == 1 ? $"Check that the service takes {initiator.Scheme} for this user; it offers {answer.Offered}." : "Check user and password, and how the name is written: user, DOMAIN\\user or user@REALM.")
                + (answer.Offered.Contains("Basic", StringComparison.OrdinalIgnoreCase) ? " A service on Linux knows its system's users by Basic alone (-a:basic)." : ""));

    private WSManTransportException Failed(string problem, string fix, Exception? inner = null) =>
        new(TransportFailure.Authentication, $"{options.Address} cannot be authenticated with by {method}: {problem}", fix, inner);
}
