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
/// <remarks>DSP0226, "SOAP over HTTP"; RFC 7617 for Basic. HTTP/1.1 alone: WinRM's authentication belongs to the connection.</remarks>
public sealed class HttpChannel : IMessageChannel
{
    private static readonly MediaTypeHeaderValue Soap = MediaTypeHeaderValue.Parse("application/soap+xml;charset=UTF-8");
    private static readonly MediaTypeHeaderValue SoapUtf16 = MediaTypeHeaderValue.Parse("application/soap+xml;charset=UTF-16");

    private readonly WSManConnectionOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly EnvelopeQuota _quota;
    private readonly ServerTrust _trust;

    /// <summary>Makes a channel; nothing is connected before the first message.</summary>
    /// <exception cref="WSManTransportException">The address is plain HTTP and clear text is not allowed.</exception>
    public HttpChannel(WSManConnectionOptions options)
    {
        if (options.Address.Scheme == Uri.UriSchemeHttp && !options.AllowUnencrypted)
        {
            throw new WSManTransportException(
                TransportFailure.ClearText,
                $"{options.Address} is plain HTTP: everyone on the way could read messages and password.",
                "Use an https address, or allow clear text on purpose.");
        }

        _options = options;
        _quota = new EnvelopeQuota { MaxBytes = options.MaxEnvelopeBytes };
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 64,
        };
        _trust = new ServerTrust(options);
        handler.SslOptions = _trust.TlsOptions();
        _http = new HttpMessageInvoker(handler);
        if (options.User is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
            _authorization = new AuthenticationHeaderValue("Basic", credentials);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="WSManTransportException">The way there or back broke.</exception>
    public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var timeout = (request.Headers.OperationTimeout ?? _options.OperationTimeout) + _options.NetworkDelay;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        ReceivedReply? reply;
        try
        {
            reply = await ExchangeAsync(request, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WSManTransportException(
                TransportFailure.TimedOut,
                $"{_options.Address} did not answer within {timeout.TotalSeconds:0.#} s.",
                "Ask for less at a time, or raise the operation's time-out.",
                e);
        }

        if (reply is not null)
        {
            yield return reply;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ReceivedReply?> ExchangeAsync(Request request, CancellationToken cancellationToken)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, request);
        var utf16 = _options.Encoding == MessageEncoding.Utf16;
        using var message = new HttpRequestMessage(HttpMethod.Post, _options.Address)
        {
            Content = new ReadOnlyMemoryContent(utf16 ? Utf16(xml.Written.Span) : xml.Written),
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Content.Headers.ContentType = utf16 ? SoapUtf16 : Soap;
        message.Headers.Authorization = _authorization;
        if (_authorization is null && request.Headers.Action is null)
        {
            message.Headers.TryAddWithoutValidation("WSMANIDENTIFY", "unauthenticated");
        }

        try
        {
            using var response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Explain(e);
        }
        catch (IOException e)
        {
            throw new WSManTransportException(
                TransportFailure.ConnectionLost, $"{_options.Address} closed the connection in the middle of an answer: {e.Message}", "Try again; if it persists, look into the service's log.", e);
        }
    }

    // Little-endian, with the byte order mark that Windows demands.
    private static byte[] Utf16(ReadOnlySpan<byte> utf8) => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(utf8))];

    private async Task<ReceivedReply?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            var offered = string.Join(", ", response.Headers.WwwAuthenticate.Select(s => s.Scheme).Distinct());
            throw new WSManTransportException(
                TransportFailure.Authentication,
                _authorization is null ? $"{_options.Address} wants to know who you are." : $"{_options.Address} refused the user name or the password.",
                offered.Length > 0 ? $"Check user and password; the service offers {offered}." : "The service offers no way to authenticate here: over HTTP it may refuse clear text; use https.");
        }

        var buffer = await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false);
        var type = response.Content.Headers.ContentType;
        if (buffer.Length == 0 && response.IsSuccessStatusCode)
        {
            return null; // wsman/End has no answer
        }

        // Services put faults under many statuses: whatever says it is SOAP is read.
        if (type?.MediaType is not ("application/soap+xml" or "text/xml"))
        {
            throw new WSManTransportException(
                TransportFailure.HttpStatus,
                $"{_options.Address} answered HTTP {(int)response.StatusCode} {response.ReasonPhrase} without a SOAP message.",
                response.StatusCode switch
                {
                    HttpStatusCode.NotFound => "Check the path: WinRM serves /wsman.",
                    HttpStatusCode.RequestEntityTooLarge => "The message is larger than the service takes (MaxEnvelopeSizekb).",
                    HttpStatusCode.ServiceUnavailable => "The service is not running or has no connection free; try again later.",
                    _ => "Check that address and port are those of a WinRM service.",
                });
        }

        try
        {
            var utf8 = MessageBytes.ToUtf8(buffer, type.CharSet, new ArrayBufferWriter<byte>(), out _);
            return EnvelopeReader.ReadReply(utf8, _quota);
        }
        catch (Exception e) when (e is XmlException or WSManFaultException)
        {
            throw new WSManTransportException(
                TransportFailure.NotSoap, $"{_options.Address} answered something that is not a SOAP envelope: {e.Message}", "Check that address and port are those of a WinRM service.", e);
        }
    }

    private async Task<byte[]> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // UTF-16 doubles the bytes of the envelope.
        var limit = _options.MaxEnvelopeBytes * 2L;
        if (content.Headers.ContentLength is { } length)
        {
            if (length > limit)
            {
                throw TooLarge(length);
            }

            var whole = new byte[length];
            await using var known = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await known.ReadExactlyAsync(whole, cancellationToken).ConfigureAwait(false);
            return whole;
        }

        using var grown = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                if (grown.Length + read > limit)
                {
                    throw TooLarge(grown.Length + read);
                }

                grown.Write(buffer, 0, read);
            }

            return grown.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private WSManTransportException TooLarge(long length) => new(
        TransportFailure.ReplyTooLarge,
        $"{_options.Address} answered with at least {length} bytes; {_options.MaxEnvelopeBytes} were allowed.",
        "Raise MaxEnvelopeBytes, or ask for less at a time.");

    private WSManTransportException Explain(HttpRequestException e)
    {
        var at = _options.Address;
        if (_trust.Refusal is { } refusal)
        {
            return refusal;
        }

        return e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new WSManTransportException(
                TransportFailure.NameResolution, $"The name '{at.Host}' is not known.", "Check the spelling and the name service.", e),
            HttpRequestError.SecureConnectionError => new WSManTransportException(
                TransportFailure.Tls, $"{at} did not agree on TLS: {e.InnerException?.Message ?? e.Message}", "Check that the port serves HTTPS (5986); plain HTTP is 5985.", e),
            HttpRequestError.ConnectionError => new WSManTransportException(
                TransportFailure.Connect, $"{at} cannot be reached: {e.Message}", "Check host, port and firewall, and that a listener is configured there.", e),
            HttpRequestError.InvalidResponse => new WSManTransportException(
                TransportFailure.NotSoap, $"{at} does not answer in HTTP: {e.Message}", "Check that address and port are those of a WinRM service; port 5986 needs https.", e),
            _ => new WSManTransportException(
                TransportFailure.ConnectionLost, $"The connection to {at} was lost: {e.Message}", "Try again; if it persists, look into the service's log.", e),
        };
    }
}
