using System.Buffers.Binary;

namespace Farwire.Linux.DBus;

/// <summary>What a message is.</summary>
public enum DBusMessageType : byte
{
    /// <summary>Something this side does not know.</summary>
    Invalid,

    /// <summary>A call.</summary>
    MethodCall,

    /// <summary>The answer to a call.</summary>
    MethodReturn,

    /// <summary>The answer to a call that failed.</summary>
    Error,

    /// <summary>An announcement.</summary>
    Signal,
}

/// <summary>A message as it came: who sent it about what, and a reader for its values.</summary>
/// <remarks>D-Bus Specification, "Message Format".</remarks>
public sealed class DBusMessage
{
    /// <summary>The specification allows 128 MiB; nothing we ask for needs more than a part of it.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    internal const int FixedBytes = 16;

    private readonly byte[] _bytes;
    private readonly int _bodyAt;
    private readonly bool _bigEndian;

    private DBusMessage(byte[] bytes)
    {
        _bytes = bytes;
        _bigEndian = bytes[0] == (byte)'B';
        Type = (DBusMessageType)bytes[1];
        var header = new DBusReader(bytes, _bigEndian);
        _ = header.UInt32(); // endianness, type, flags, version
        _ = header.UInt32(); // body length
        Serial = header.UInt32();
        for (var end = header.ArrayEnd('('); header.Position < end;)
        {
            header.Structure();
            ReadField(header.Byte(), ref header);
        }

        header.Align(8);
        _bodyAt = header.Position;
    }

    /// <summary>What it is.</summary>
    public DBusMessageType Type { get; }

    /// <summary>The sender's number for it.</summary>
    public uint Serial { get; }

    /// <summary>The number of the call that it answers.</summary>
    public uint ReplySerial { get; private set; }

    /// <summary>The object.</summary>
    public string? Path { get; private set; }

    /// <summary>The interface.</summary>
    public string? Interface { get; private set; }

    /// <summary>The method or signal.</summary>
    public string? Member { get; private set; }

    /// <summary>The error's name.</summary>
    public string? ErrorName { get; private set; }

    /// <summary>The sender's unique name on the bus.</summary>
    public string? Sender { get; private set; }

    /// <summary>The types in the body.</summary>
    public string Signature { get; private set; } = "";

    /// <summary>Reads the body from its start.</summary>
    public DBusReader Body() => new(_bytes.AsSpan(_bodyAt), _bigEndian);

    /// <summary>The length of the message whose first sixteen bytes are given.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> start)
    {
        if (start[0] is not ((byte)'l' or (byte)'B') || start[3] != 1)
        {
            throw new DBusException(DBusException.InconsistentMessage, "what came is no message of protocol version 1");
        }

        var big = start[0] == (byte)'B';
        var body = big ? BinaryPrimitives.ReadUInt32BigEndian(start[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        var fields = big ? BinaryPrimitives.ReadUInt32BigEndian(start[12..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        var total = FixedBytes + (((ulong)fields + 7) / 8 * 8) + body;
        return total <= MaxBytes
            ? (int)total
            : throw new DBusException(DBusException.InconsistentMessage, $"a message of {total} bytes is more than {MaxBytes}");
    }

    internal static DBusMessage Parse(byte[] bytes) => new(bytes);

    private void ReadField(byte code, ref DBusReader header)
    {
        var signature = header.Signature();
        switch (code, signature)
        {
            case (1, "o"): Path = header.String(); break;
            case (2, "s"): Interface = header.String(); break;
            case (3, "s"): Member = header.String(); break;
            case (4, "s"): ErrorName = header.String(); break;
            case (5, "u"): ReplySerial = header.UInt32(); break;
            case (7, "s"): Sender = header.String(); break;
            case (8, "g"): Signature = header.Signature(); break;
            default:
                // A field of a later version, or the destination, which is us.
                _ = DBusSignature.FirstType(signature);
                header.Skip(signature);
                break;
        }
    }
}
