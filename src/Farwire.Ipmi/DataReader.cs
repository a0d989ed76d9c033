using System.Buffers.Binary;

namespace Farwire.Ipmi;

/// <summary>Reads the fields of a response or record; the least significant byte comes first.</summary>
internal ref struct DataReader(ReadOnlySpan<byte> data, string what)
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    public readonly int Remaining => _data.Length - Position;

    public readonly bool HasMore => Remaining > 0;

    public byte Byte() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int UInt24() => Bytes(3) is var bytes ? bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) : 0;

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ReadOnlySpan<byte> Rest() => Bytes(Remaining);

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > Remaining)
        {
            throw new IpmiFormatException($"{what} ends after {_data.Length} bytes; at least {Position + count} are needed.");
        }

        var bytes = _data.Slice(Position, count);
        Position += count;
        return bytes;
    }

    public void Skip(int count) => Bytes(count);
}
