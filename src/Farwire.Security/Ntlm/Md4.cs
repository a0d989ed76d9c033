using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Farwire.Security.Ntlm;

/// <summary>The hash beneath the NT hash of a password; the framework has it no more.</summary>
/// <remarks>RFC 1320, "The MD4 Message-Digest Algorithm".</remarks>
internal static class Md4
{
    public const int HashBytes = 16;

    private static ReadOnlySpan<byte> Order2 => [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];

    private static ReadOnlySpan<byte> Order3 => [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];

    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        // 1. padding: a one bit, zeros, the length in bits
        var padded = new byte[(data.Length + 8 + 64) / 64 * 64];
        data.CopyTo(padded);
        padded[data.Length] = 0x80;
        BinaryPrimitives.WriteInt64LittleEndian(padded.AsSpan(padded.Length - 8), data.Length * 8L);

        // 2. the rounds
        Span<uint> state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
        Span<uint> x = stackalloc uint[16];
        for (var block = 0; block < padded.Length; block += 64)
        {
            for (var i = 0; i < 16; i++)
            {
                x[i] = BinaryPrimitives.ReadUInt32LittleEndian(padded.AsSpan(block + (i * 4)));
            }

            Block(state, x);
        }

        CryptographicOperations.ZeroMemory(padded);
        var hash = new byte[HashBytes];
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(hash.AsSpan(i * 4), state[i]);
        }

        return hash;
    }

    private static void Block(Span<uint> state, ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        for (var i = 0; i < 48; i++)
        {
            // Each step turns the four words by one place: what is computed becomes b of the next.
            var step = (i / 16) switch
            {
                0 => ((b & c) | (~b & d)) + x[i],
                1 => ((b & c) | (b & d) | (c & d)) + x[Order2[i - 16]] + 0x5a827999,
                _ => (b ^ c ^ d) + x[Order3[i - 32]] + 0x6ed9eba1,
            };
            var shift = (i / 16, i % 4) switch
            {
                (0, 0) => 3, (0, 1) => 7, (0, 2) => 11, (0, _) => 19,
                (1, 0) => 3, (1, 1) => 5, (1, 2) => 9, (1, _) => 13,
                (_, 0) => 3, (_, 1) => 9, (_, 2) => 11, (_, _) => 15,
            };
            (a, b, c, d) = (d, BitOperations.RotateLeft(a + step, shift), b, c);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }
}
