using System.Buffers.Binary;

namespace Farwire.Protocol.Compression;

/// <summary>Writes bits in words of 16 and bytes between them, so that a reader who is two words ahead finds each where it looks.</summary>
/// <remarks>MS-XCA, "Encoding Phase": two words are always reserved before a byte is written.</remarks>
internal ref struct XpressBits
{
    private readonly Span<byte> _to;
    private int _first;
    private int _second;
    private int _next;
    private uint _word;
    private int _free = 16;

    public XpressBits(Span<byte> to, int start)
    {
        _to = to;
        (_first, _second, _next) = (start, start + 2, start + 4);
    }

    public void Write(int count, uint bits)
    {
        if (count <= _free)
        {
            _free -= count;
            _word = (_word << count) | bits;
            return;
        }

        var left = count - _free;
        Put(_first, (_word << _free) | (bits >> left));
        (_first, _second) = (_second, _next);
        _next += 2;
        _free = 16 - left;
        _word = bits; // what was written already leaves by the upper end
    }

    public void WriteByte(byte value) => _to[_next++] = value;

    /// <summary>Fills the last words, and answers where the data ends.</summary>
    public readonly int Finish()
    {
        Put(_first, _word << _free);
        Put(_second, 0);
        return _next;
    }

    private readonly void Put(int at, uint word) => BinaryPrimitives.WriteUInt16LittleEndian(_to[at..], (ushort)word);
}
