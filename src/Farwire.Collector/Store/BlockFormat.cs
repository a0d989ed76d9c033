using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Farwire.Collector.Store;

/// <summary>The first bytes of a block.</summary>
/// <remarks>
/// A segment is a row of blocks, a block is what one commit brought. It has two sections, each compressed by itself: the properties of the events, in
/// which a search can look without unpacking anything else, and their XML.
/// <code>
/// u32 magic "FWB1"   u32 events   u64 number of the first event
/// u32 properties, packed   u32 properties, plain   u32 XML, packed   u32 XML, plain
/// u32 CRC-32C of both packed sections   u32 zero
/// </code>
/// All numbers are little-endian.
/// </remarks>
internal readonly record struct BlockHeader(int Events, long FirstSequence, int PropertiesPacked, int PropertiesPlain, int XmlPacked, int XmlPlain, uint Check)
{
    public const int Size = 40;

    private const uint Magic = 0x31425746; // "FWB1"

    public int Length => Size + PropertiesPacked + XmlPacked;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], Events);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], FirstSequence);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], PropertiesPacked);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], PropertiesPlain);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], XmlPacked);
        BinaryPrimitives.WriteInt32LittleEndian(target[28..], XmlPlain);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], Check);
        BinaryPrimitives.WriteUInt32LittleEndian(target[36..], 0);
    }

    /// <summary>Reads and checks a whole block.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a block, or not the ones that were written.</exception>
    public static BlockHeader Read(ReadOnlySpan<byte> block)
    {
        if (block.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(block) != Magic)
        {
            throw new InvalidDataException("The bytes are not a block of events.");
        }

        var header = new BlockHeader(
            BinaryPrimitives.ReadInt32LittleEndian(block[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(block[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(block[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(block[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(block[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(block[28..]),
            BinaryPrimitives.ReadUInt32LittleEndian(block[32..]));
        return header.PropertiesPacked >= 0 && header.XmlPacked >= 0 && header.Length == block.Length && Checksum(block[Size..]) == header.Check
            ? header
            : throw new InvalidDataException("A block of events is damaged: its checksum differs.");
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in bytes[(words.Length * 8)..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
