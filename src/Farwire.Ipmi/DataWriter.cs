using System.Buffers.Binary;

namespace Farwire.Ipmi;

/// <summary>Writes the fields of a request; the least significant byte comes first.</summary>
internal ref struct DataWriter(Span<byte> space)
{
    private readonly Span<byte> _space = space;

    public int Length { get; private set; }

    public void Byte(byte value) => Take(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public Span<byte> Take(int count)
    {
        var taken = _space.Slice(Length, count);
        Length += count;
        return taken;
    }
}
