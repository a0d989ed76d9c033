using Farwire.Protocol.Xml;

namespace Farwire.Service.Dispatch;

/// <summary>
/// An answer as bytes: one envelope in UTF-8, or nothing for a message that has no answer. Dispose it after sending. Of an answer of several messages it is
/// the first, and knows how to get the next.
/// </summary>
public sealed class EncodedReply : IDisposable
{
    private readonly ReadOnlyMemory<byte> _constant;
    private Rendered? _rendered;

    internal EncodedReply(XmlUtf8Writer xml, bool isFault, uint faultCode = 0)
        : this(new Rendered(xml), isFault, faultCode)
    {
    }

    private EncodedReply(Rendered rendered, bool isFault, uint faultCode)
    {
        _rendered = rendered;
        (IsFault, FaultCode) = (isFault, faultCode);
    }

    internal EncodedReply(ReadOnlyMemory<byte> constant, bool isFault = false) => (_constant, IsFault) = (constant, isFault);

    /// <summary>The answer to a message that has none, such as <c>wsman/End</c>.</summary>
    public static EncodedReply None { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>The envelope; valid until <see cref="Dispose"/>. Empty when there is no answer.</summary>
    public ReadOnlyMemory<byte> Utf8 => _rendered?.Xml.Written ?? _constant;

    /// <summary>The envelope holds a fault; over HTTP the status is then 500.</summary>
    public bool IsFault { get; }

    /// <summary>The Windows code of that fault; 0 without one.</summary>
    public uint FaultCode { get; }

    /// <summary>Waits for the next message of the same answer; null after the last, which is nearly always the first.</summary>
    public Func<CancellationToken, ValueTask<EncodedReply>>? Following { get; private set; }

    /// <summary>The last message of the answer; those before it are left out.</summary>
    public async ValueTask<EncodedReply> LastAsync(CancellationToken clientGone)
    {
        var reply = this;
        while (reply.Following is { } following)
        {
            reply.Dispose();
            reply = await following(clientGone).ConfigureAwait(false);
        }

        return reply;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref _rendered, null)?.Leave();
    }

    /// <summary>Says how to get the message after this one.</summary>
    internal EncodedReply FollowedBy(Func<CancellationToken, ValueTask<EncodedReply>> following)
    {
        Following = following;
        return this;
    }

    /// <summary>The same answer for one more reader; the bytes go with the last of them.</summary>
    internal EncodedReply Share() => _rendered is { } rendered ? new EncodedReply(rendered.Enter(), IsFault, FaultCode) : this;

    private sealed class Rendered(XmlUtf8Writer xml)
    {
        private int _readers = 1;

        public XmlUtf8Writer Xml => xml;

        public Rendered Enter()
        {
            Interlocked.Increment(ref _readers);
            return this;
        }

        public void Leave()
        {
            if (Interlocked.Decrement(ref _readers) == 0)
            {
                xml.Dispose();
            }
        }
    }
}
