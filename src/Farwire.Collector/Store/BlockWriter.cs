using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Farwire.Events.Records;

namespace Farwire.Collector.Store;

/// <summary>Collects the events of one commit and packs them as one block.</summary>
internal sealed class BlockWriter(long firstSequence) : IEventBlock
{
    private const int Quality = 1; // the fastest; XML of events shrinks to a sixth all the same
    private const int Window = 20;

    private readonly ArrayBufferWriter<byte> _properties = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _xml = new(256 * 1024);
    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _keys = [];
    private long _lastReceived;

    public int Count { get; private set; }

    public DateTime MinTime { get; private set; } = DateTime.MaxValue;

    public DateTime MaxTime { get; private set; } = DateTime.MinValue;

    /// <summary>How many of the events are in which channel.</summary>
    public Dictionary<string, long> Channels { get; } = new(StringComparer.OrdinalIgnoreCase);

    public byte[] Summary() => BlockSummary.Of(_keys);

    // received: ticks, then differences   strings: place in the table + 1, 0 is none   numbers: which are there (16 bits), then each
    public void Add(EventRecord record, EventOrigin origin)
    {
        Count++;
        var system = record.System;
        var received = origin.Received.Ticks;
        Signed(received - _lastReceived);
        _lastReceived = received;
        String(origin.Source);
        String(origin.Subscription);
        String(record.Problem);
        String(system.ProviderName);
        String(system.ProviderGuid);
        String(system.EventSourceName);
        String(system.TimeText);
        String(system.ActivityId);
        String(system.RelatedActivityId);
        String(system.Channel);
        String(system.Computer);
        String(system.UserId);
        Numbers(system);
        var utf8 = _xml.GetSpan(Encoding.UTF8.GetMaxByteCount(record.Xml.Length));
        var length = Encoding.UTF8.GetBytes(record.Xml, utf8);
        _xml.Advance(length);
        Unsigned((ulong)length);

        Key('c', system.Channel);
        Key('h', system.Computer);
        Key('p', system.ProviderName);
        Key('s', origin.Source);
        Key('u', origin.Subscription);
        if (system.EventId is { } id)
        {
            _keys.Add(BlockSummary.Key('i', id));
        }

        if (system.Channel is { } channel)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(Channels, channel, out _)++;
        }

        // An event without a time is found by when it came.
        var time = system.TimeCreated ?? origin.Received;
        MinTime = time < MinTime ? time : MinTime;
        MaxTime = time > MaxTime ? time : MaxTime;
    }

    /// <summary>The block's bytes.</summary>
    public byte[] Pack()
    {
        var table = new ArrayBufferWriter<byte>(16 * 1024 + _properties.WrittenCount);
        Unsigned(table, (ulong)_strings.Count);
        foreach (var text in _strings.Keys) // in the order of their places
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Unsigned(table, (ulong)bytes.Length);
            table.Write(bytes);
        }

        table.Write(_properties.WrittenSpan);
        var block = new byte[BlockHeader.Size + Room(table.WrittenCount) + Room(_xml.WrittenCount)];
        var properties = Compress(table.WrittenSpan, block.AsSpan(BlockHeader.Size));
        var xml = Compress(_xml.WrittenSpan, block.AsSpan(BlockHeader.Size + properties));
        var length = BlockHeader.Size + properties + xml;
        var check = BlockHeader.Checksum(block.AsSpan(BlockHeader.Size, properties + xml));
        new BlockHeader(Count, firstSequence, properties, table.WrittenCount, xml, _xml.WrittenCount, check).Write(block);
        Array.Resize(ref block, length);
        return block;
    }

    private static int Room(int length) => BrotliEncoder.GetMaxCompressedLength(length) + 64;

    private static int Compress(ReadOnlySpan<byte> plain, Span<byte> target) =>
        BrotliEncoder.TryCompress(plain, target, out var written, Quality, Window)
            ? written
            : throw new InvalidOperationException("A block did not fit into the room that its compressor asked for.");

    private void Key(char kind, string? text)
    {
        if (text is not null)
        {
            _keys.Add(BlockSummary.Key(kind, text));
        }
    }

    private void String(string? text)
    {
        if (text is null)
        {
            Unsigned(0);
            return;
        }

        if (!_strings.TryGetValue(text, out var place))
        {
            place = _strings.Count;
            _strings.Add(text, place);
        }

        Unsigned((ulong)place + 1);
    }

    private void Numbers(EventSystem s)
    {
        Span<ulong?> numbers =
        [
            (ulong?)s.EventId, (ulong?)s.Qualifiers, (ulong?)s.Version, (ulong?)s.Level, (ulong?)s.Task, (ulong?)s.Opcode, s.Keywords,
            (ulong?)s.TimeCreated?.Ticks, s.RecordId, (ulong?)s.ProcessId, (ulong?)s.ThreadId,
        ];
        ulong present = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            present |= numbers[i].HasValue ? 1UL << i : 0;
        }

        Unsigned(present);
        foreach (var number in numbers)
        {
            if (number is { } value)
            {
                Unsigned(value);
            }
        }
    }

    private void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    private void Unsigned(ulong value) => Unsigned(_properties, value);

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private static void Unsigned(ArrayBufferWriter<byte> target, ulong value)
    {
        var span = target.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        target.Advance(length);
    }
}
