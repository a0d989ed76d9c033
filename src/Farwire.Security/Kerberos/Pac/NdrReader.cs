using System.Buffers.Binary;

namespace Farwire.Security.Kerberos.Pac;

/// <summary>Reads NDR from bytes that somebody else wrote, and never beyond them.</summary>
/// <remarks>C706, "Transfer Syntax NDR"; MS-RPCE, "Type Serialization Version 1". Little-endian alone, as all senders are.</remarks>
internal ref struct NdrReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public int Remaining => _bytes.Length - _at;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32()
    {
        Align();
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public void Skip(int count) => Take(count);

    /// <summary>A pointer: true when what it points to follows behind.</summary>
    public bool ReadPointer() => ReadUInt32() != 0;

    /// <summary>A count before elements of at least <paramref name="elementBytes"/> bytes: no more than there can be.</summary>
    public int ReadCount(int elementBytes, int most)
    {
        var count = ReadUInt32();
        return count <= most && count * (long)elementBytes <= Remaining ? (int)count : throw new SecurityTokenException("The ticket's PAC counts more than it holds.");
    }

    /// <summary>Both headers of a serialized type.</summary>
    public void ReadHeaders()
    {
        // version 1, little-endian, 8 bytes of header
        if (ReadByte() != 1 || ReadByte() != 0x10 || ReadUInt16() != 8)
        {
            throw new SecurityTokenException("The ticket's PAC is not serialized as MS-RPCE says.");
        }

        Skip(4);
        if (ReadUInt32() > Remaining)
        {
            throw new SecurityTokenException("The ticket's PAC is cut off.");
        }

        Skip(4);
    }

    private void Align() => _at = Math.Min((_at + 3) & ~3, _bytes.Length);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
        {
            throw new SecurityTokenException("The ticket's PAC is cut off.");
        }

        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}
