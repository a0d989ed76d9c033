using Farwire.Protocol.Xml;

namespace Farwire.Service.Dispatch;

/// <summary>An answer as bytes: one envelope in UTF-8, or nothing for a message that has no answer. Dispose it after sending.</summary>
public sealed class EncodedReply : IDisposable
{
    private readonly ReadOnlyMemory<byte> _constant;
    private XmlUtf8Writer? _xml;

    internal EncodedReply(XmlUtf8Writer xml, bool isFault)
    {
        _xml = xml;
        IsFault = isFault;
    }

    internal EncodedReply(ReadOnlyMemory<byte> constant) => _constant = constant;

    /// <summary>The answer to a message that has none, such as <c>wsman/End</c>.</summary>
    public static EncodedReply None { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>The envelope; valid until <see cref="Dispose"/>. Empty when there is no answer.</summary>
    public ReadOnlyMemory<byte> Utf8 => _xml?.Written ?? _constant;

    /// <summary>The envelope holds a fault; over HTTP the status is then 500.</summary>
    public bool IsFault { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _xml?.Dispose();
        _xml = null;
    }
}
