using System.Buffers.Binary;
using System.Text;

namespace Farwire.Linux.DBus;

/// <summary>Reads values in the order and alignment of the wire. Every length is checked against what is there before it is used.</summary>
/// <remarks>D-Bus Specification, "Marshaling (Wire Format)".</remarks>
public ref struct DBusReader
{
    private const int MaxArrayBytes = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _bigEndian;

    internal DBusReader(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        _bytes = bytes;
        _bigEndian = bigEndian;
    }

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>y</summary>
    public byte Byte() => Take(1, 1)[0];

    /// <summary>q</summary>
    public ushort UInt16()
    {
        var bytes = Take(2, 2);
        return _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    /// <summary>u</summary>
    public uint UInt32()
    {
        var bytes = Take(4, 4);
        return _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>t</summary>
    public ulong UInt64()
    {
        var bytes = Take(8, 8);
        return _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>i</summary>
    public int Int32() => unchecked((int)UInt32());

    /// <summary>b</summary>
    public bool Boolean() => UInt32() switch
    {
        0 => false,
        1 => true,
        var other => throw Broken($"{other} is no boolean"),
    };

    /// <summary>s, and o too</summary>
    public string String()
    {
        var bytes = StringBytes();
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Broken("a text is not UTF-8");
        }
    }

    /// <summary>g</summary>
    public string Signature()
    {
        var length = Byte();
        var text = Encoding.ASCII.GetString(Take(1, length));
        _ = Byte();
        return text;
    }

    /// <summary>The end of an array whose elements are of <paramref name="elementType"/>; they follow until <see cref="Position"/> is there.</summary>
    public int ArrayEnd(char elementType)
    {
        var length = UInt32();
        Align(DBusSignature.Alignment(elementType));
        return length <= MaxArrayBytes && length <= _bytes.Length - Position ? Position + (int)length : throw Broken($"an array of {length} bytes does not fit");
    }

    /// <summary>Goes to the start of a structure or of a dictionary's entry.</summary>
    public void Structure() => Align(8);

    /// <summary>as, ao</summary>
    public List<string> Strings()
    {
        var list = new List<string>();
        for (var end = ArrayEnd('s'); Position < end;)
        {
            list.Add(String());
        }

        return list;
    }

    /// <summary>ay</summary>
    public byte[] Bytes()
    {
        var end = ArrayEnd('y');
        return Take(1, end - Position).ToArray();
    }

    /// <summary>v: the value as text, boolean, number, list or (as a structure) array; null for a type without value.</summary>
    public object? Variant(int depth = 0)
    {
        var signature = Signature();
        return DBusSignature.FirstType(signature) == signature.Length ? Value(signature, depth + 1) : throw Broken($"a variant holds '{signature}', not one type");
    }

    /// <summary>Passes by one value of the type at the start of <paramref name="signature"/>.</summary>
    public void Skip(ReadOnlySpan<char> signature, int depth = 0)
    {
        Deeper(depth);
        switch (signature[0])
        {
            case 's' or 'o':
                _ = StringBytes();
                break;
            case 'g':
                _ = Signature();
                break;
            case 'v':
                var inner = Signature();
                Skip(DBusSignature.FirstType(inner) == inner.Length ? inner : throw Broken($"a variant holds '{inner}', not one type"), depth + 1);
                break;
            case 'a':
                Position = ArrayEnd(signature[1]);
                break;
            case '(' or '{':
                Structure();
                for (var at = 1; signature[at] is not (')' or '}'); at += DBusSignature.FirstType(signature[at..]))
                {
                    Skip(signature[at..], depth + 1);
                }

                break;
            default:
                var size = signature[0] == 'y' ? 1 : signature[0] is 'b' or 'i' or 'u' or 'h' ? 4 : DBusSignature.Alignment(signature[0]);
                _ = Take(size, size);
                break;
        }
    }

    private object? Value(ReadOnlySpan<char> signature, int depth)
    {
        Deeper(depth);
        switch (signature[0])
        {
            case 'y': return (ulong)Byte();
            case 'b': return Boolean();
            case 'n': return (long)unchecked((short)UInt16());
            case 'q': return (ulong)UInt16();
            case 'i': return (long)Int32();
            case 'u' or 'h': return (ulong)UInt32();
            case 'x': return unchecked((long)UInt64());
            case 't': return UInt64();
            case 'd': return BitConverter.UInt64BitsToDouble(UInt64());
            case 's' or 'o': return String();
            case 'g': return Signature();
            case 'v': return Variant(depth);
            case 'a':
                var list = new List<object?>();
                var element = signature[1..];
                for (var end = ArrayEnd(element[0]); Position < end;)
                {
                    list.Add(Value(element, depth + 1));
                }

                return list;
            default:
                Structure();
                var fields = new List<object?>();
                for (var at = 1; signature[at] is not (')' or '}'); at += DBusSignature.FirstType(signature[at..]))
                {
                    fields.Add(Value(signature[at..], depth + 1));
                }

                return fields.ToArray();
        }
    }

    private ReadOnlySpan<byte> StringBytes()
    {
        var length = UInt32();
        if (length > int.MaxValue)
        {
            throw Broken($"a text of {length} bytes does not fit");
        }

        var bytes = Take(1, (int)length);
        _ = Byte();
        return bytes;
    }

    private ReadOnlySpan<byte> Take(int alignment, int size)
    {
        Align(alignment);
        if (size > _bytes.Length - Position)
        {
            throw Broken("a value goes past the end of the message");
        }

        var bytes = _bytes.Slice(Position, size);
        Position += size;
        return bytes;
    }

    internal void Align(int to)
    {
        var position = (Position + to - 1) / to * to;
        Position = position <= _bytes.Length ? position : throw Broken("a value goes past the end of the message");
    }

    private static void Deeper(int depth)
    {
        if (depth > DBusSignature.MaxDepth)
        {
            throw Broken("values are nested too deep");
        }
    }

    private static DBusException Broken(string what) => new(DBusException.InconsistentMessage, what);
}
