using System.Buffers.Binary;
using System.Text;

namespace Farwire.Processes.Broker;

/// <summary>Writes the fields of a broker's message, one after another.</summary>
internal ref struct BrokerWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Number(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);
        Length += 4;
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        value.CopyTo(Room(value.Length));
        Length += value.Length;
    }

    public void Text(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Number(size);
        Length += Encoding.UTF8.GetBytes(value, Room(size));
    }

    public void Texts(IReadOnlyCollection<string> values)
    {
        Number(values.Count);
        foreach (var value in values)
        {
            Text(value);
        }
    }

    private readonly Span<byte> Room(int bytes) => bytes <= _buffer.Length - Length
        ? _buffer[Length..]
        : throw new InvalidDataException($"The program's arguments and variables exceed the {BrokerSocket.MaxMessageBytes} bytes that the broker takes.");
}

/// <summary>Reads the fields of a broker's message. The other end may be hostile: whatever does not fit ends the message.</summary>
internal ref struct BrokerReader(ReadOnlySpan<byte> message)
{
    private const int MaxTexts = 4096;

    private ReadOnlySpan<byte> _rest = message;

    public byte Byte() => Take(1)[0];

    public int Number() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public ReadOnlySpan<byte> Bytes() => Take(Number());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public string[] Texts()
    {
        var count = Number();
        if (count is < 0 or > MaxTexts)
        {
            throw Broken();
        }

        var values = new string[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Text();
        }

        return values;
    }

    public readonly void End()
    {
        if (_rest.Length > 0)
        {
            throw Broken();
        }
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || bytes > _rest.Length)
        {
            throw Broken();
        }

        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }

    private static InvalidDataException Broken() => new("A message of the broker's protocol is broken.");
}
