using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Farwire.Hosting.Plugins;

/// <summary>The content of a frame while it is read. Whatever is wrong with it is an <see cref="IOException"/>.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its streams are memory alone.")]
internal sealed class PluginReader
{
    private readonly MemoryStream _bytes;
    private readonly BinaryReader _reader;

    public PluginReader(ReadOnlyMemory<byte> content)
    {
        _bytes = MemoryMarshal.TryGetArray(content, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(content.ToArray());
        _reader = new BinaryReader(_bytes, Encoding.UTF8);
    }

    public byte Byte() => _reader.ReadByte();

    public bool Flag() => _reader.ReadBoolean();

    public int Int32() => _reader.ReadInt32();

    public uint UInt32() => _reader.ReadUInt32();

    public long Int64() => _reader.ReadInt64();

    public string Text() => _reader.ReadString();

    public string? OptionalText() => Flag() ? Text() : null;

    public byte[] Bytes() => _reader.ReadBytes(Count());

    public List<T> Many<T>(Func<T> read)
    {
        var count = Count();
        var all = new List<T>(Math.Min(count, 64));
        while (all.Count < count)
        {
            all.Add(read());
        }

        return all;
    }

    public List<KeyValuePair<string, string>> Pairs() => Many(() => KeyValuePair.Create(Text(), Text()));

    // Nothing has more elements than the frame has bytes.
    private int Count() => Int32() is >= 0 and var count && count <= _bytes.Length - _bytes.Position ? count : throw new IOException("A frame says that it holds more than it does.");
}
