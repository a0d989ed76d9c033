using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Farwire.AspNetCore;

/// <summary>One HTTP request: in with an envelope, out with an envelope.</summary>
/// <remarks>
/// DSP0226, "SOAP over HTTP"; MS-WSMV, "Transport". The steps: 1. path and method, 2. identity, 3. size, 4. type, 5. bytes, 6. text, 7. the engine,
/// 8. the answer, whole and with its length. Every fault is a 500, as WinRM has it.
/// </remarks>
internal sealed class WSManEndpoint(Dispatcher dispatcher, AuthenticationStage authentication, WSManEdgeOptions options)
{
    private const string SoapUtf8 = "application/soap+xml;charset=UTF-8";
    private const string SoapUtf16 = "application/soap+xml;charset=UTF-16";

    private readonly string _path = "/" + options.UrlPrefix;
    private readonly string _anonymousPath = $"/{options.UrlPrefix}-anon/identify";

    public async Task HandleAsync(HttpContext http)
    {
        var request = http.Request;
        var response = http.Response;

        // 1
        var anonymousPath = IsAt(request.Path, _anonymousPath);
        if (!anonymousPath && !IsAt(request.Path, _path))
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
        if (await authentication.AuthenticateAsync(http, allowAnonymous).ConfigureAwait(false) is not { } caller)
        {
            return;
        }

        // 3
        var limit = dispatcher.Options.MaxEnvelopeBytes;
        if (request.ContentLength > limit)
        {
            response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            response.Headers.Connection = "close";
            return;
        }

        // 4: an empty authenticated message is how clients prove themselves first; its type means nothing.
        string? charset = null;
        if (request.ContentLength is not 0 && !TryContentType(request.ContentType, out charset))
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // 5
        var body = await ReadAsync(request, limit).ConfigureAwait(false);
        if (body is null)
        {
            response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            response.Headers.Connection = "close";
            return;
        }

        try
        {
            if (body.Value.Count == 0)
            {
                response.ContentLength = 0;
                return;
            }

            // 6 7 8
            await AnswerAsync(http, body.Value, charset, caller).ConfigureAwait(false);
        }
        finally
        {
            if (body.Value.Array is { Length: > 0 } rented)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private async Task AnswerAsync(HttpContext http, ArraySegment<byte> body, string? charset, Caller caller)
    {
        var encoding = MessageEncoding.Utf8;
        EncodedReply reply;
        try
        {
            var utf8 = MessageBytes.ToUtf8(body, charset, new ArrayBufferWriter<byte>(), out encoding);
            reply = await dispatcher.ProcessAsync(utf8, caller, http.RequestAborted).ConfigureAwait(false);
        }
        catch (WSManFaultException e)
        {
            reply = dispatcher.Refuse(e);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // nobody is there to answer
        }

        using (reply)
        {
            var response = http.Response;
            if (reply.Utf8.Length == 0)
            {
                response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            response.StatusCode = reply.IsFault ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
            if (encoding == MessageEncoding.Utf8)
            {
                response.ContentType = SoapUtf8;
                response.ContentLength = reply.Utf8.Length;
                await response.BodyWriter.WriteAsync(reply.Utf8, http.RequestAborted).ConfigureAwait(false);
            }
            else
            {
                await WriteUtf16Async(http, reply.Utf8).ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteUtf16Async(HttpContext http, ReadOnlyMemory<byte> utf8)
    {
        var length = 2 + (Encoding.UTF8.GetCharCount(utf8.Span) * 2);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            rented[0] = 0xFF;
            rented[1] = 0xFE;
            Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(utf8.Span), rented.AsSpan(2));
            http.Response.ContentType = SoapUtf16;
            http.Response.ContentLength = length;
            await http.Response.BodyWriter.WriteAsync(rented.AsMemory(0, length), http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The body in a rented buffer; null when it is larger than the limit.</summary>
    private static async ValueTask<ArraySegment<byte>?> ReadAsync(HttpRequest request, int limit)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? 4096, limit) + 1);
        var length = 0;
        var reader = request.BodyReader;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await reader.ReadAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
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

    private static bool IsAt(PathString path, string wanted)
    {
        var value = path.Value.AsSpan().TrimEnd('/');
        return value.Equals(wanted, StringComparison.OrdinalIgnoreCase);
    }
}
