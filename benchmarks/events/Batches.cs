using System.Buffers;
using System.Text;
using Farwire.Events.Compression;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Benchmarks.Events;

/// <summary>Deliveries as bytes.</summary>
internal static class Batches
{
    public static byte[] Envelope(string address, IReadOnlyList<string> events, long bookmark)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Request(
            new MessageHeaders
            {
                To = address,
                MachineId = "src01.corp.example",
                Action = Actions.Events,
                MessageId = "uuid:" + Guid.NewGuid(),
                Bookmark = $"<BookmarkList><Bookmark Channel=\"System\" RecordId=\"{bookmark}\" IsCurrent=\"true\"/></BookmarkList>",
                AckRequested = true,
            },
            new EventBatch { Events = events }));
        return xml.Written.ToArray();
    }

    public static byte[] Utf16(byte[] utf8) => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(utf8))];

    public static byte[] Packed(byte[] plain)
    {
        var output = new ArrayBufferWriter<byte>(plain.Length);
        SldcEncoder.Encode(plain, output);
        return output.WrittenSpan.ToArray();
    }
}
