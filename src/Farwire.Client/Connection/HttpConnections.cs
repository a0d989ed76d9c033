using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security.Sealing;

namespace Farwire.Client.Connection;

/// <summary>Connections to one address: a pool of them, or exactly one that knows when it is a new one.</summary>
/// <remarks>RFC 9112, "HTTP/1.1" alone: WinRM's authentication belongs to the connection.</remarks>
internal sealed class HttpConnections : IDisposable
{
    private readonly WSManConnectionOptions _options;
    private readonly ServerTrust _trust;
    private readonly HttpMessageInvoker _http;
    private int _opened;

    /// <param name="options">Where to, and whom to trust there.</param>
    /// <param name="single">One connection that stays, for schemes that prove it and not the request.</param>
    public HttpConnections(WSManConnectionOptions options, bool single)
    {
        _options = options;
        _trust = new ServerTrust(options);
        var proxy = options.Proxy.For(options.Address, out var through);
        proxy = options.LocalSocket is null && options.Dial is null ? proxy : null; // a tunnel is a way of its own
        Through = proxy is null ? null : through;
        var handler = new SocketsHttpHandler
        {
            UseProxy = proxy is not null,
            Proxy = proxy,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = single ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = single ? 1 : int.MaxValue,
            MaxResponseHeadersLength = 128,
            SslOptions = _trust.TlsOptions(),
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>How many connections were opened so far: another number, and all that was proved is gone.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>The certificate that the service showed last; null without TLS or before.</summary>
    public X509Certificate2? ServiceCertificate => _trust.Leaf;

    /// <summary>The proxy on the way, or null.</summary>
    public Uri? Through { get; }

    public async Task<HttpAnswer> PostAsync(OutgoingMessage message, string? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Address)
        {
            Content = new ReadOnlyMemoryContent(message.Body),
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", message.ContentType);
        if (message.ContentEncoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", message.ContentEncoding);
        }

        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        else if (message.IsIdentify)
        {
            request.Headers.TryAddWithoutValidation("WSMANIDENTIFY", "unauthenticated");
        }

        _options.Cookies.Give(request.Headers);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            _options.Cookies.Take(response.Headers);
            if (response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired)
            {
                throw RefusedByProxy(null);
            }

            return new HttpAnswer(response.StatusCode, response.ReasonPhrase)
            {
                Location = response.Headers.NonValidated.TryGetValues("Location", out var location) ? location.ToString() : null,
                RetryAfter = response.Headers.RetryAfter?.Delta,
                ContentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null,
                IsChunked = response.Content.Headers.ContentLength is null,
                Body = await ReadBodyAsync(response.Content, message.Heard, cancellationToken).ConfigureAwait(false),
                Challenges = [.. response.Headers.WwwAuthenticate.Select(c => (c.Scheme, c.Parameter ?? ""))],
            };
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

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (_options.Dial is { } dial)
        {
            var stream = await dial(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _opened);
            return stream;
        }

        var socket = _options.LocalSocket is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(_options.LocalSocket is { } path ? new UnixDomainSocketEndPoint(path) : context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _opened);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<ArraySegment<byte>> ReadBodyAsync(HttpContent content, Action? heard, CancellationToken cancellationToken)
    {
        // UTF-16 doubles the bytes of the envelope; sealing adds to them.
        var isSealed = content.Headers.NonValidated.TryGetValues("Content-Type", out var type) && SealedContentType.IsSealed(type.ToString());
        var limit = 2L * (isSealed ? SealedBody.MaxBytes(_options.MaxEnvelopeBytes) : _options.MaxEnvelopeBytes);
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
                heard?.Invoke();
            }

            return grown.TryGetBuffer(out var all) ? all : grown.ToArray();
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

    private WSManTransportException RefusedByProxy(Exception? inner) => new(
        TransportFailure.Proxy,
        $"The proxy {Through} wants to know who you are{(_options.Proxy.Authentication == ProxyAuthentication.None ? "" : $", and did not take what it was told by {_options.Proxy.Authentication}")}.",
        "Give -proxyauthentication with a method that it offers, and user and password of the proxy; they are not those of the service.",
        inner);

    private WSManTransportException Explain(HttpRequestException e)
    {
        var at = _options.Address;
        if (_trust.Refusal is { } refusal)
        {
            return refusal;
        }

        return e.HttpRequestError switch
        {
            HttpRequestError.ConnectionError when _options.LocalSocket is { } path => new WSManTransportException(
                TransportFailure.Connect, $"No service listens at {path}.", "Start it with 'systemctl start farwired', or give -remote:HOST.", e),
            HttpRequestError.ProxyTunnelError => e.StatusCode == HttpStatusCode.ProxyAuthenticationRequired ? RefusedByProxy(e) : new WSManTransportException(
                TransportFailure.Proxy, $"The proxy {Through} opens no way to {at}{(e.StatusCode is { } status ? $" (HTTP {(int)status})" : "")}: {e.Message}", "Check that it allows CONNECT to this port, or go around it (-proxyaccess:no_proxy, NO_PROXY).", e),
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
