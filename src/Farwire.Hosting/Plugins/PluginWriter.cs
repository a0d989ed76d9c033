using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Farwire.Hosting.Plugins;

/// <summary>The content of a frame while it is written.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its streams are memory alone.")]
internal sealed class PluginWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    public PluginWriter() => _writer = new BinaryWriter(_bytes, Encoding.UTF8);

    public void Byte(byte value) => _writer.Write(value);

    public void Flag(bool value) => _writer.Write(value);

    public void Int32(int value) => _writer.Write(value);

    public void UInt32(uint value) => _writer.Write(value);

    public void Int64(long value) => _writer.Write(value);

    public void Text(string value) => _writer.Write(value);

    public void OptionalText(string? value)
    {
        Flag(value is not null);
        if (value is not null)
        {
            Text(value);
        }
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _writer.Write(value);
    }

    public void Many<T>(IReadOnlyCollection<T> values, Action<T> write)
    {
        Int32(values.Count);
        foreach (var value in values)
        {
            write(value);
        }
    }

    public void Pairs(IReadOnlyCollection<KeyValuePair<string, string>> pairs) => Many(pairs, pair =>
    {
        Text(pair.Key);
        Text(pair.Value);
    });

    public byte[] ToArray()
    {
        _writer.Flush();
        return _bytes.ToArray();
    }
}
