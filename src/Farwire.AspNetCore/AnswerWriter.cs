using System.Buffers;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Security.Sealing;
using Microsoft.AspNetCore.Http;

namespace Farwire.AspNetCore;

/// <summary>How to seal an answer: as the question was, under the name that the client gave it.</summary>
internal sealed record SealedAnswer(IMessageSeal Seal, string Protocol);

/// <summary>Writes the answer to one request: in the encoding of the question, and sealed when that was.</summary>
/// <remarks>MS-WSMV, "Full Duplex": an answer of one message has its length; of several, each is one chunk.</remarks>
internal sealed class AnswerWriter(HttpResponse response, MessageEncoding encoding, SealedAnswer? seal, bool isOfSeveral)
{
    private const string SoapUtf8 = "application/soap+xml;charset=UTF-8";
    private const string SoapUtf16 = "application/soap+xml;charset=UTF-16";

    private CancellationToken ClientGone => response.HttpContext.RequestAborted;

    public Task WriteAsync(ReadOnlyMemory<byte> utf8) => encoding == MessageEncoding.Utf8 ? SealAsync(SoapUtf8, utf8) : WriteUtf16Async(utf8);

    private async Task SealAsync(string contentType, ReadOnlyMemory<byte> message)
    {
        if (seal is null)
        {
            await SendAsync(contentType, message).ConfigureAwait(false);
            return;
        }

        using var buffer = new RentedBuffer(SealedBody.MaxBytes(message.Length));
        contentType = SealedBody.Write(seal.Seal, seal.Protocol, contentType, message.Span, buffer);
        await SendAsync(contentType, buffer.Written).ConfigureAwait(false);
    }

    private async Task SendAsync(string contentType, ReadOnlyMemory<byte> message)
    {
        if (!response.HasStarted)
        {
            response.ContentType = contentType;
            response.ContentLength = isOfSeveral ? null : message.Length;
        }

        await response.BodyWriter.WriteAsync(message, ClientGone).ConfigureAwait(false);
    }

    private async Task WriteUtf16Async(ReadOnlyMemory<byte> utf8)
    {
        var length = 2 + (Encoding.UTF8.GetCharCount(utf8.Span) * 2);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            rented[0] = 0xFF;
            rented[1] = 0xFE;
            Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(utf8.Span), rented.AsSpan(2));
            await SealAsync(SoapUtf16, rented.AsMemory(0, length)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
