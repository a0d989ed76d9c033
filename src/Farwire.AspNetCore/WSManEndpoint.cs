using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Security;
using Farwire.Security.Sealing;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Farwire.AspNetCore;

/// <summary>One HTTP request: in with an envelope, out with an envelope.</summary>
/// <remarks>
/// DSP0226, "SOAP over HTTP"; MS-WSMV, "Transport". The steps: 1. path and method, 2. identity, 3. size, 4. type, 5. bytes, 6. unsealed when sealed,
/// 7. text, 8. the engine, 9. the answer, sealed when the question was. Every fault is a 500, as WinRM has it, unless the answer has begun already.
/// </remarks>
internal sealed class WSManEndpoint(WSManEdge edge, AuthenticationStage authentication, string urlPrefix)
{
    // Identify and its envelope, with room to spare.
    private const int AnonymousMaxBytes = 16 * 1024;

    private readonly DeliveryBuffers _deliveryBuffers = new();
    private readonly string _path = "/" + urlPrefix;
    private readonly string _anonymousPath = $"/{urlPrefix}-anon/identify";

    public async Task HandleAsync(HttpContext http)
    {
        var request = http.Request;
        var response = http.Response;

        // 1
        var anonymousPath = IsAt(request.Path, _anonymousPath);
        var deliveryPath = DeliveryPath(request.Path);
        if (!anonymousPath && deliveryPath is null && !IsAt(request.Path, _path))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "POST";
            return;
        }

        // 2
        var allowAnonymous = anonymousPath
            || string.Equals(request.Headers["WSMANIDENTIFY"], "unauthenticated", StringComparison.OrdinalIgnoreCase);
        if (await authentication.AuthenticateAsync(http, allowAnonymous, isDelivery: deliveryPath is not null).ConfigureAwait(false) is not { } caller)
        {
            return;
        }

        // 3
        var isSealed = SealedContentType.IsSealed(request.ContentType);
        var messageLimit = deliveryPath is null ? edge.Dispatcher.Options.MaxEnvelopeBytes : edge.Dispatcher.Options.MaxDeliveryBytes;
        var limit = isSealed ? SealedBody.MaxBytes(messageLimit) : messageLimit;
        if (request.ContentLength > limit)
        {
            response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            response.Headers.Connection = "close";
            return;
        }

        // Whoever is not known may only identify the service, and gets no work out of it with a large message.
        if (!caller.IsAuthenticated)
        {
            limit = Math.Min(limit, AnonymousMaxBytes);
        }

        // 4: an empty authenticated message is how clients prove themselves first; its type means nothing.
        string? charset = null;
        if (request.ContentLength is not 0 && !isSealed && !TryContentType(request.ContentType, out charset))
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // 5
        var received = await ReadAsync(request, limit).ConfigureAwait(false);
        if (received is not { } body)
        {
            response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            response.Headers.Connection = "close";
            return;
        }

        try
        {
            if (body.Count == 0)
            {
                response.ContentLength = 0;
                return;
            }

            // 6
            SealedAnswer? answer = null;
            if (isSealed)
            {
                if (!TryUnseal(http, messageLimit, ref body, out charset, out answer))
                {
                    return;
                }
            }
            else if (caller.IsAuthenticated && !authentication.MayBeClear(http))
            {
                authentication.Refuse(http, "the message is not sealed, and clear text is not allowed (AllowUnencrypted)");
                return;
            }

            // 7 8 9
            await AnswerAsync(http, body, charset, deliveryPath, caller, answer).ConfigureAwait(false);
        }
        finally
        {
            if (received.Value.Array is { Length: > 0 } rented)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    // Whatever is wrong with a sealed message, the context is over: the numbers of the two sides would never agree again.
    private bool TryUnseal(HttpContext http, int limit, ref ArraySegment<byte> body, out string? charset, out SealedAnswer? answer)
    {
        charset = null;
        answer = null;
        if (AuthenticationStage.SecurityOf(http).Seal is not { } seal)
        {
            authentication.Refuse(http, "the message is sealed, but the connection agreed on no keys");
            return false;
        }

        try
        {
            var type = SealedContentType.Read(http.Request.ContentType!);
            var opened = SealedBody.Open(seal, type, body);
            if (opened.Plain.Count > limit || !TryContentType(opened.ContentType, out charset))
            {
                authentication.Refuse(http, "the sealed message is too large or no SOAP");
                return false;
            }

            body = opened.Plain;
            answer = new SealedAnswer(seal, type.Protocol);
            return true;
        }
        catch (SecurityTokenException e)
        {
            authentication.Refuse(http, e.Message);
            return false;
        }
    }

    private async Task AnswerAsync(
        HttpContext http, ArraySegment<byte> body, string? charset, string? deliveryPath, Caller caller, SealedAnswer? answer)
    {
        var encoding = MessageEncoding.Utf8;
        EncodedReply reply;
        var (unpacked, text) = deliveryPath is null ? (null, null) : (_deliveryBuffers.Take(), _deliveryBuffers.Take());
        try
        {
            var utf8 = text is null
                ? MessageBytes.ToUtf8(body, charset, new ArrayBufferWriter<byte>(), out encoding)
                : MessageBytes.ToUtf8Tolerant(Unpack(body, unpacked!), charset, text, out encoding);
            if (edge.Trace.IsWatched)
            {
                edge.Trace.Show(isRequest: true, caller.Address, caller.Name, utf8);
            }

            reply = await edge.Dispatcher.ProcessAsync(utf8, caller, http.RequestAborted, deliveryPath ?? "").ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            reply = edge.Dispatcher.Refuse(FaultCatalog.EncodingLimit.Fault(e.Message));
        }
        catch (ServiceBusyException e)
        {
            // The sender waits and sends again; nothing of its message was kept.
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = ((int)e.RetryAfter.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return;
        }
        catch (WSManFaultException e)
        {
            reply = edge.Dispatcher.Refuse(e);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // nobody is there to answer
        }
        finally
        {
            // The message was read to its end: what a resource keeps of it, it has copied.
            if (text is not null)
            {
                _deliveryBuffers.Return(unpacked!);
                _deliveryBuffers.Return(text);
            }
        }

        try
        {
            await WriteAsync(http, reply, encoding, caller, answer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went while more was to come; what it asked for goes on, and is there when it asks again.
        }
    }

    private async Task WriteAsync(HttpContext http, EncodedReply reply, MessageEncoding encoding, Caller caller, SealedAnswer? answer)
    {
        var writer = new AnswerWriter(http.Response, encoding, answer, isOfSeveral: reply.Following is not null);
        while (true)
        {
            var following = reply.Following;
            using (reply)
            {
                if (edge.Trace.IsWatched)
                {
                    edge.Trace.Show(isRequest: false, caller.Address, caller.Name, reply.Utf8);
                }

                if (!http.Response.HasStarted)
                {
                    http.Response.StatusCode = reply.Utf8.Length == 0 ? StatusCodes.Status204NoContent
                        : reply.IsFault ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
                }

                if (reply.Utf8.Length > 0)
                {
                    await writer.WriteAsync(reply.Utf8).ConfigureAwait(false);
                }
            }

            if (following is null)
            {
                return;
            }

            reply = await following(http.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>The body in a rented buffer; null when it is larger than the limit.</summary>
    private async ValueTask<ArraySegment<byte>?> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        using var patience = new Patience(request.BodyReader, edge.Options.MaxPacketRetrievalTime);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? 4096, limit) + 1);
        var length = 0;
        var reader = request.BodyReader;
        while (true)
        {
            ReadResult result;
            try
            {
                var read = reader.ReadAsync(request.HttpContext.RequestAborted);
                if (!read.IsCompleted)
                {
                    patience.Begin();
                }

                result = await read.ConfigureAwait(false);
                if (result.IsCanceled)
                {
                    // The status that WinRM gives; the connection ends with it.
                    throw new BadHttpRequestException("The message did not arrive in time (MaxPacketRetrievalTime).", StatusCodes.Status500InternalServerError);
                }
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(buffer);
                throw;
            }

            var wanted = length + result.Buffer.Length;
            if (wanted > limit)
            {
                reader.AdvanceTo(result.Buffer.End);
                ArrayPool<byte>.Shared.Return(buffer);
                return null;
            }

            if (wanted > buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, Math.Max(wanted, buffer.Length * 2L)));
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            result.Buffer.CopyTo(buffer.AsSpan(length));
            length = (int)wanted;
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return new ArraySegment<byte>(buffer, 0, length);
            }
        }
    }

    /// <summary>Ends a read that waits too long; costs nothing while the bytes are there.</summary>
    private sealed class Patience(PipeReader reader, TimeSpan limit) : IDisposable
    {
        private Timer? _timer;

        public void Begin() => _timer ??= new Timer(static reader => ((PipeReader)reader!).CancelPendingRead(), reader, limit, Timeout.InfiniteTimeSpan);

        public void Dispose() => _timer?.Dispose();
    }

    private static bool TryContentType(string? contentType, out string? charset)
    {
        charset = null;
        if (contentType is "application/soap+xml;charset=UTF-8") // nearly always
        {
            charset = "UTF-8";
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !(type.MediaType.Equals("application/soap+xml", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("text/xml", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        charset = type.Charset.HasValue ? type.Charset.ToString() : null;
        return true;
    }

    private ReadOnlyMemory<byte> Unpack(ArraySegment<byte> body, ArrayBufferWriter<byte> output)
    {
        foreach (var coding in edge.Options.ContentCodings)
        {
            if (coding.Recognises(body))
            {
                coding.Unpack(body, output, edge.Dispatcher.Options.MaxDeliveryBytes * 2); // UTF-16 has two bytes for one
                return output.WrittenMemory;
            }
        }

        return body;
    }

    // "subscriptions/5A…" of "/wsman/subscriptions/5A…"; null for a path that is none of those.
    private string? DeliveryPath(PathString path)
    {
        if (edge.Options.DeliveryPaths.Count == 0 || !path.StartsWithSegments(_path, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            return null;
        }

        foreach (var first in edge.Options.DeliveryPaths)
        {
            if (rest.StartsWithSegments("/" + first, StringComparison.OrdinalIgnoreCase))
            {
                return rest.Value!.Trim('/');
            }
        }

        return null;
    }

    private static bool IsAt(PathString path, string wanted)
    {
        var value = path.Value.AsSpan().TrimEnd('/');
        return value.Equals(wanted, StringComparison.OrdinalIgnoreCase);
    }
}
