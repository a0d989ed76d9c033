using System.IO.Compression;
using System.Text;
using Farwire.Events.Records;

namespace Farwire.Collector.Store;

/// <summary>Unpacks a block: its properties at once, its XML when somebody asks.</summary>
internal sealed class BlockReader
{
    private readonly ReadOnlyMemory<byte> _block;
    private readonly BlockHeader _header;
    private readonly byte[] _properties;
    private readonly string[] _strings;
    private byte[]? _xml;
    private int _at;
    private int _read;
    private long _received;
    private int _xmlAt;

    public BlockReader(ReadOnlyMemory<byte> block)
    {
        _block = block;
        _header = BlockHeader.Read(block.Span);
        _properties = Unpack(block.Span.Slice(BlockHeader.Size, _header.PropertiesPacked), _header.PropertiesPlain);
        _strings = new string[(int)Unsigned()];
        for (var i = 0; i < _strings.Length; i++)
        {
            var length = (int)Unsigned();
            _strings[i] = Encoding.UTF8.GetString(_properties, _at, length);
            _at += length;
        }
    }

    /// <summary>The XML of all events of the block.</summary>
    public ReadOnlyMemory<byte> Xml => _xml ??= Unpack(_block.Span.Slice(BlockHeader.Size + _header.PropertiesPacked, _header.XmlPacked), _header.XmlPlain);

    /// <summary>The next event; null after the last.</summary>
    public BlockEntry? Next()
    {
        if (_read == _header.Events)
        {
            return null;
        }

        _received += Signed();
        var origin = new EventOrigin(new DateTime(_received, DateTimeKind.Utc), String()!, String()!);
        var problem = String();
        var (provider, guid, source, timeText) = (String(), String(), String(), String());
        var (activity, related, channel, computer, user) = (String(), String(), String(), String(), String());
        var present = Unsigned();
        var system = new EventSystem
        {
            ProviderName = provider,
            ProviderGuid = guid,
            EventSourceName = source,
            TimeText = timeText,
            ActivityId = activity,
            RelatedActivityId = related,
            Channel = channel,
            Computer = computer,
            UserId = user,
            EventId = (int?)Number(present, 0),
            Qualifiers = (int?)Number(present, 1),
            Version = (int?)Number(present, 2),
            Level = (int?)Number(present, 3),
            Task = (int?)Number(present, 4),
            Opcode = (int?)Number(present, 5),
            Keywords = Number(present, 6),
            TimeCreated = Number(present, 7) is { } ticks ? new DateTime((long)ticks, DateTimeKind.Utc) : null,
            RecordId = Number(present, 8),
            ProcessId = (long?)Number(present, 9),
            ThreadId = (long?)Number(present, 10),
        };
        var length = (int)Unsigned();
        var entry = new BlockEntry(this, _header.FirstSequence + _read, origin, system, problem, _xmlAt, length);
        _xmlAt += length;
        _read++;
        return entry;
    }

    private static byte[] Unpack(ReadOnlySpan<byte> packed, int length)
    {
        var plain = new byte[length];
        return BrotliDecoder.TryDecompress(packed, plain, out var written) && written == length
            ? plain
            : throw new InvalidDataException("A block of events is damaged: it does not unpack.");
    }

    private string? String() => (int)Unsigned() is > 0 and var place ? _strings[place - 1] : null;

    private ulong? Number(ulong present, int bit) => (present & (1UL << bit)) != 0 ? Unsigned() : null;

    private long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _properties[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}

/// <summary>An event in a block whose XML may still be packed.</summary>
internal readonly record struct BlockEntry(BlockReader Block, long Sequence, EventOrigin Origin, EventSystem System, string? Problem, int XmlAt, int XmlLength)
{
    public ReadOnlyMemory<byte> Utf8 => Block.Xml.Slice(XmlAt, XmlLength);

    public StoredEvent ToStored() => new(Sequence, Origin, System, Problem, Utf8);
}
