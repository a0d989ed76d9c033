using System.Numerics;

namespace Farwire.Collector.Store;

/// <summary>Says of a block, without opening it, that something is surely not in it.</summary>
/// <remarks>A Bloom filter over channel, computer, provider, source, subscription and event id: ten bits a key, seven hashes, one false yes in a hundred.</remarks>
internal static class BlockSummary
{
    private const int BitsPerKey = 10;
    private const int Hashes = 7;

    public static byte[] Of(IReadOnlyCollection<ulong> keys)
    {
        var bits = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, keys.Count * BitsPerKey)) / 8];
        foreach (var key in keys)
        {
            for (uint i = 0; i < Hashes; i++)
            {
                var bit = Bit(key, i, bits.Length);
                bits[bit / 8] |= (byte)(1 << (bit % 8));
            }
        }

        return bits;
    }

    public static bool MayHold(ReadOnlySpan<byte> summary, ulong key)
    {
        for (uint i = 0; i < Hashes; i++)
        {
            var bit = Bit(key, i, summary.Length);
            if ((summary[bit / 8] & (1 << (bit % 8))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The key of a text of some kind; case does not count. FNV-1a, for it must be the same in every process.</summary>
    public static ulong Key(char kind, ReadOnlySpan<char> text)
    {
        var hash = (14695981039346656037UL ^ kind) * 1099511628211UL;
        foreach (var c in text)
        {
            hash = (hash ^ char.ToUpperInvariant(c)) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>The key of a number.</summary>
    public static ulong Key(char kind, int number) => ((14695981039346656037UL ^ kind) * 1099511628211UL) ^ ((ulong)(uint)number * 0x9E3779B97F4A7C15UL);

    private static int Bit(ulong key, uint i, int bytes)
    {
        var mixed = key ^ (key >> 29);
        return (int)((((uint)mixed + (i * (uint)(mixed >> 32))) * 2654435761u >> 7) & (uint)((bytes * 8) - 1));
    }
}
