using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Farwire.Events.Compression;

namespace Farwire.Events.Tests.Compression;

public sealed class SldcTests
{
    [Fact]
    [Trait("Feature", "SRC-08")]
    public void The_published_vector_unpacks() =>
        Assert.Equal("test string", Encoding.ASCII.GetString(Decode(Convert.FromHexString("ffb3a32b9ba1039ba3934b733ffd0000"))));

    [Fact]
    [Trait("Feature", "SRC-08")]
    public void What_is_packed_unpacks_here_and_in_the_slow_decoder()
    {
        foreach (var plain in Plain())
        {
            var packed = Encode(plain);
            Assert.True(Sldc.Recognises(packed));
            Assert.Equal(plain, Decode(packed));
            Assert.Equal(plain, SlowSldc.Decode(packed));
            Assert.Equal((uint)plain.Length, BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 4)));
            Assert.Equal(0, packed[^5]);
        }
    }

    [Fact]
    public void A_batch_of_events_shrinks_to_less_than_half()
    {
        var batch = Encoding.Unicode.GetBytes(string.Concat(Samples.Xml.Take(50)));
        var packed = Encode(batch);

        Assert.True(packed.Length * 2 < batch.Length, $"{batch.Length} bytes became {packed.Length}");
    }

    [Fact]
    public void A_copy_never_reaches_into_itself()
    {
        // A run of one byte is the case where it would pay: without overlap each copy is at most as long as what is there.
        var packed = Encode(Enumerable.Repeat((byte)7, 3000).ToArray());
        Assert.Equal(3000, SlowSldc.Decode(packed).Length);
    }

    [Theory]
    [InlineData("<s:Envelope/>")]
    [InlineData("\uFEFF<s:Envelope/>")]
    public void Plain_text_is_not_taken_for_packed(string text)
    {
        Assert.False(Sldc.Recognises(Encoding.UTF8.GetBytes(text)));
        Assert.False(Sldc.Recognises([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)]));
        Assert.False(Sldc.Recognises([]));
    }

    [Fact]
    public void A_bomb_is_stopped_at_the_limit()
    {
        // Reset, one literal, then nothing but the longest copies.
        var bits = new StringBuilder("1111111110101" + "0" + "01010101");
        for (var i = 0; i < 20_000; i++)
        {
            bits.Append("1" + "1111" + "11101111" + "0000000000");
        }

        bits.Append("1111111110100").Append('0', 16);
        var bomb = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.ToString(i * 8, 8), 2)).ToArray();

        var thrown = Assert.Throws<InvalidDataException>(() => SldcDecoder.Decode(bomb, new ArrayBufferWriter<byte>(), 100_000));
        Assert.Contains("more than 100000 bytes", thrown.Message, StringComparison.Ordinal);
        var output = new ArrayBufferWriter<byte>();
        SldcDecoder.Decode(bomb, output, 8 * 1024 * 1024);
        Assert.Equal(1 + (20_000 * 271), output.WrittenCount);
    }

    [Fact]
    public void A_cut_body_is_refused_and_so_is_one_without_a_reset()
    {
        var packed = Encode(Encoding.Unicode.GetBytes(Samples.Xml[0]));
        for (var length = 0; length < packed.Length - 8; length += 7)
        {
            Assert.Throws<InvalidDataException>(() => Decode(packed[..length]));
        }

        Assert.Throws<InvalidDataException>(() => Decode(Encoding.ASCII.GetBytes("plain text")));
    }

    [Fact]
    public void Random_bytes_are_refused_or_unpacked_and_nothing_else()
    {
        var random = new Random(815);
        for (var i = 0; i < 20_000; i++)
        {
            var body = new byte[random.Next(200)];
            random.NextBytes(body);
            if (body.Length > 2)
            {
                (body[0], body[1]) = (0xFF, (byte)(0xA8 + random.Next(16)));
            }

            try
            {
                SldcDecoder.Decode(body, new ArrayBufferWriter<byte>(), 4096);
            }
            catch (InvalidDataException)
            {
                // Refused: that is an answer.
            }
        }
    }

    private static IEnumerable<byte[]> Plain()
    {
        yield return [];
        yield return [0xFF];
        yield return [.. Enumerable.Repeat((byte)0xFF, 5000)];
        yield return Encoding.Unicode.GetBytes(string.Concat(Samples.Xml.Take(20)));
        yield return Encoding.UTF8.GetBytes(string.Concat(Samples.Xml.Skip(100).Take(30)));
        var random = new Random(42);
        for (var i = 0; i < 400; i++)
        {
            var plain = new byte[random.Next(4000)];
            random.NextBytes(plain);
            if (i % 2 == 0)
            {
                // Few different bytes: many matches of all lengths and distances.
                for (var j = 0; j < plain.Length; j++)
                {
                    plain[j] = (byte)(plain[j] % (1 + (i % 7)));
                }
            }

            yield return plain;
        }
    }

    private static byte[] Encode(byte[] plain)
    {
        var output = new ArrayBufferWriter<byte>();
        SldcEncoder.Encode(plain, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Decode(byte[] body)
    {
        var output = new ArrayBufferWriter<byte>();
        SldcDecoder.Decode(body, output, 8 * 1024 * 1024);
        return output.WrittenSpan.ToArray();
    }
}
