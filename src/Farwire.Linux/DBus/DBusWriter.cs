using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Farwire.Linux.DBus;

/// <summary>Writes values in the order and alignment of the wire, little endian.</summary>
/// <remarks>D-Bus Specification, "Marshaling (Wire Format)".</remarks>
public sealed class DBusWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    internal ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>y</summary>
    public DBusWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    /// <summary>u</summary>
    public DBusWriter UInt32(uint value)
    {
        Align(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    /// <summary>t, and x too</summary>
    public DBusWriter UInt64(ulong value)
    {
        Align(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    /// <summary>b</summary>
    public DBusWriter Boolean(bool value) => UInt32(value ? 1u : 0u);

    /// <summary>s, and o too</summary>
    public DBusWriter String(string value)
    {
        UInt32((uint)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _buffer);
        return Byte(0);
    }

    /// <summary>g</summary>
    public DBusWriter Signature(string value)
    {
        Byte(checked((byte)value.Length));
        Encoding.ASCII.GetBytes(value, _buffer);
        return Byte(0);
    }

    /// <summary>as</summary>
    public DBusWriter Strings(params ReadOnlySpan<string> values)
    {
        var items = new DBusWriter();
        foreach (var value in values)
        {
            items.String(value);
        }

        // The items begin at a multiple of four either way, so they can be made apart.
        UInt32((uint)items._buffer.WrittenCount);
        _buffer.Write(items._buffer.WrittenSpan);
        return this;
    }

    /// <summary>a{ss}</summary>
    public DBusWriter Dictionary(params ReadOnlySpan<KeyValuePair<string, string>> entries)
    {
        // Entries begin at multiples of eight, so they too can be made apart.
        var items = new DBusWriter();
        foreach (var (key, value) in entries)
        {
            items.Align(8).String(key).String(value);
        }

        UInt32((uint)items._buffer.WrittenCount);
        Align(8);
        _buffer.Write(items._buffer.WrittenSpan);
        return this;
    }

    /// <summary>v, of a text</summary>
    public DBusWriter Variant(string value) => Signature("s").String(value);

    internal DBusWriter Align(int to)
    {
        while (_buffer.WrittenCount % to != 0)
        {
            Byte(0);
        }

        return this;
    }

    internal void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}
