using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;

namespace Farwire.Client.Connection;

/// <summary>Envelopes over HTTP and HTTPS.</summary>
/// <remarks>DSP0226, "SOAP over HTTP"; how a message proves whose it is, and how it is sealed, is the exchange's matter.</remarks>
public sealed class HttpChannel : IMessageChannel
{
    private const string Soap = "application/soap+xml;charset=UTF-8";
    private const string SoapUtf16 = "application/soap+xml;charset=UTF-16";

    private const int MaxLocation = 2048;

    private readonly WSManConnectionOptions _options;
    private readonly IHttpExchange _exchange;
    private readonly EnvelopeQuota _quota;

    /// <summary>Makes a channel; nothing is connected before the first message.</summary>
    /// <exception cref="WSManTransportException">Messages would go over plain HTTP unsealed, and clear text is not allowed.</exception>
    public HttpChannel(WSManConnectionOptions options)
    {
        var method = MethodOf(options);
        var seals = method is AuthenticationMethod.Negotiate or AuthenticationMethod.Kerberos or AuthenticationMethod.CredSsp;
        if (options.Address.Scheme == Uri.UriSchemeHttp && !options.AllowUnencrypted && !seals && options.LocalSocket is null)
        {
            throw new WSManTransportException(
                TransportFailure.ClearText,
                $"{options.Address} is plain HTTP: everyone on the way could read messages and password.",
                "Use an https address, a method that seals messages (negotiate, kerberos, credssp), or allow clear text on purpose.");
        }

        AuthenticationChoice.CheckTrust(method, options.Address, Initiators.MayBeKerberos(options), options.TrustedHosts.Holds(options.Address));
        options = options with { Cookies = new AffinityCookies() }; // a session's own
        _options = options;
        _quota = new EnvelopeQuota { MaxBytes = options.MaxEnvelopeBytes };
        _exchange = seals ? new LaneExchange(options, method)
            : method == AuthenticationMethod.Digest ? new DigestExchange(options)
            : new RequestExchange(options, method);
    }

    /// <inheritdoc/>
    /// <exception cref="WSManTransportException">The way there or back broke.</exception>
    public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var timeout = (request.Headers.OperationTimeout ?? _options.OperationTimeout) + _options.NetworkDelay;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        List<ReceivedReply> replies;
        try
        {
            replies = await ExchangeAsync(request, () => deadline.CancelAfter(timeout), deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WSManTransportException(
                TransportFailure.TimedOut,
                $"{_options.Address} did not answer within {timeout.TotalSeconds:0.#} s.",
                "Ask for less at a time, or raise the operation's time-out.",
                e);
        }

        foreach (var reply in replies)
        {
            yield return reply;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _exchange.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<List<ReceivedReply>> ExchangeAsync(Request request, Action heard, CancellationToken cancellationToken)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, request);
        var utf16 = _options.Encoding == MessageEncoding.Utf16;
        var message = new OutgoingMessage(
            utf16 ? Utf16(xml.Written.Span) : xml.Written, utf16 ? SoapUtf16 : Soap, IsIdentify: request.Headers.Action is null) { Heard = heard };
        if (_options.Packing is { } packing)
        {
            // Before it is sealed: what is sealed no longer packs.
            var packed = new ArrayBufferWriter<byte>(message.Body.Length / 2);
            packing.Pack(message.Body.Span, packed);
            message = message with { Body = packed.WrittenMemory, ContentEncoding = packing.Name };
        }

        return Read(await _exchange.SendAsync(message, cancellationToken).ConfigureAwait(false));
    }

    private static AuthenticationMethod MethodOf(WSManConnectionOptions options) => options.Authentication
        ?? (options.User is not null ? AuthenticationMethod.Basic : options.ClientCertificate is not null ? AuthenticationMethod.Certificate : AuthenticationMethod.None);

    // Little-endian, with the byte order mark that Windows demands.
    private static byte[] Utf16(ReadOnlySpan<byte> utf8) => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(utf8))];

    // Whoever is on the way can redirect: user and password go nowhere that nobody named.
    private WSManTransportException Redirected(HttpAnswer answer) => answer.Location is { Length: > 0 and <= MaxLocation } location
        ? new WSManTransportException(
            TransportFailure.Redirected,
            $"{_options.Address} is redirected (HTTP {(int)answer.Status}) to {location}.",
            "If you trust this place, connect to it.")
        {
            Code = ClientErrors.RedirectRequested,
            RedirectLocation = location,
        }
        : new WSManTransportException(
            TransportFailure.Redirected,
            $"{_options.Address} redirects (HTTP {(int)answer.Status}), and does not say where to.",
            "Check that address and port are those of a WinRM service.")
        {
            Code = ClientErrors.RedirectLocationNotAvailable,
        };

    private List<ReceivedReply> Read(HttpAnswer answer)
    {
        if (answer.Status == HttpStatusCode.Unauthorized)
        {
            throw _exchange.Refused(answer);
        }

        if ((int)answer.Status is >= 300 and < 400)
        {
            throw Redirected(answer);
        }

        if (answer.Body.Count == 0 && answer.IsSuccess)
        {
            return []; // wsman/End has no answer
        }

        var type = MediaTypeHeaderValue.TryParse(answer.ContentType, out var parsed) ? parsed : null;

        // Services put faults under many statuses: whatever says it is SOAP is read.
        if (type?.MediaType is not ("application/soap+xml" or "text/xml"))
        {
            throw new WSManTransportException(
                TransportFailure.HttpStatus,
                $"{_options.Address} answered HTTP {(int)answer.Status} {answer.Reason} without a SOAP message.",
                answer.Status switch
                {
                    HttpStatusCode.NotFound => "Check the path: WinRM serves /wsman.",
                    HttpStatusCode.RequestEntityTooLarge => "The message is larger than the service takes (MaxEnvelopeSizekb).",
                    HttpStatusCode.ServiceUnavailable => "The service is not running or has no connection free; try again later.",
                    _ => "Check that address and port are those of a WinRM service.",
                })
            {
                HttpStatus = (int)answer.Status,
                RetryAfter = answer.RetryAfter,
            };
        }

        try
        {
            var utf8 = MessageBytes.ToUtf8(answer.Body, type.CharSet, new ArrayBufferWriter<byte>(), out _);
            return answer.IsChunked ? [.. EnvelopeSequence.Split(utf8).Select(envelope => EnvelopeReader.ReadReply(envelope, _quota))] : [EnvelopeReader.ReadReply(utf8, _quota)];
        }
        catch (Exception e) when (e is XmlException or WSManFaultException)
        {
            throw new WSManTransportException(
                TransportFailure.NotSoap, $"{_options.Address} answered something that is not a SOAP envelope: {e.Message}", "Check that address and port are those of a WinRM service.", e);
        }
    }
}
