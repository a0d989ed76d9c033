using System.Xml;

namespace Farwire.Protocol.Xml;

/// <summary>One XML reader a thread, kept for the next small message with the names it has met: together they are half of what reading a request allocates.</summary>
/// <remarks>
/// Closing a reader makes it forget its names, so a kept one is not closed but given the next message as it is. What a stranger makes it remember
/// is bounded: only small messages are read this way, and after some of them the reader is given up.
/// </remarks>
internal static class ReusedReader
{
    /// <summary>The largest message whose names are kept.</summary>
    public const int MaxBytes = 4096;

    private const int MaxMessages = 64;

    [ThreadStatic]
    private static Kept? _free;

    /// <summary>A reader over the message, free or new. Whoever opened it gives it back once, and never touches it afterwards.</summary>
    public static BodyReader Open(byte[] bytes, int offset, int count, XmlDictionaryReaderQuotas quotas)
    {
        if (count > MaxBytes)
        {
            return new BodyReader(XmlDictionaryReader.CreateTextReader(bytes, offset, count, null, quotas, null));
        }

        // All names of all messages that one reader may meet.
        quotas.MaxNameTableCharCount = MaxMessages * MaxBytes;
        if (_free is not { } kept)
        {
            kept = new Kept(XmlDictionaryReader.CreateTextReader(bytes, offset, count, null, quotas, null));
        }
        else
        {
            _free = null;
            ((IXmlTextReaderInitializer)kept.Xml).SetInput(bytes, offset, count, null, quotas, null);
        }

        return new BodyReader(kept.Xml, kept);
    }

    /// <summary>A reader and how many messages it has read.</summary>
    internal sealed class Kept(XmlDictionaryReader xml)
    {
        private int _messages;

        public XmlDictionaryReader Xml => xml;

        public void Release()
        {
            if (++_messages < MaxMessages)
            {
                _free = this;
            }
            else
            {
                xml.Dispose();
            }
        }
    }
}
