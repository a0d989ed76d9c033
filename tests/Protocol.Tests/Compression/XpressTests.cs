using System.Text;
using Farwire.Protocol.Compression;

namespace Farwire.Protocol.Tests.Compression;

public sealed class XpressTests
{
    private const int Buffers = 10_000;

    [Fact]
    [Trait("Feature", "SHL-14")]
    [Trait("Peer", "wimlib")]
    public void What_we_pack_wimlib_unpacks_and_what_it_packs_we_unpack()
    {
        using var wimlib = new Libwim();
        var random = new Random(14);
        var (ours, theirs) = (0, 0);
        for (var i = 0; i < Buffers; i++)
        {
            var plain = Sample(random, i);
            var stored = new byte[plain.Length];
            if (new XpressEncoder().Encode(plain, stored) is > 0 and var length)
            {
                Assert.Equal(plain, wimlib.Decompress(stored[..length], plain.Length));
                ours++;
            }

            if (wimlib.Compress(plain) is { } packed)
            {
                var unpacked = new byte[plain.Length];
                XpressDecoder.Decode(packed, unpacked);
                Assert.Equal(plain, unpacked);
                theirs++;
            }
        }

        Assert.InRange(ours, Buffers / 3, Buffers);
        Assert.InRange(theirs, Buffers / 3, Buffers);
    }

    [Fact]
    public void We_pack_nearly_as_well_as_wimlib()
    {
        using var wimlib = new Libwim();
        var plain = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i} drwxr-xr-x 2 root root\n")))[..65536];
        var stored = new byte[plain.Length];

        Assert.InRange(new XpressEncoder().Encode(plain, stored), 300, wimlib.Compress(plain)!.Length * 3 / 2);
    }

    [Fact]
    [Trait("Feature", "SHL-14")]
    public void The_recorded_stream_of_Windows_is_read()
    {
        var plain = XpressStream.Decompress(Convert.FromBase64String("HQAdAA0KV2luZG93cyBJUCBDb25maWd1cmF0aW9uDQoNCg=="), 1000);

        Assert.Equal("\r\nWindows IP Configuration\r\n\r\n", Encoding.ASCII.GetString(plain));
        Assert.Equal("HQAdAA0KV2luZG93cyBJUCBDb25maWd1cmF0aW9uDQoNCg==", Convert.ToBase64String(XpressStream.Compress(plain)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public void Streams_of_any_length_come_back(int length)
    {
        var plain = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, (length / 4) + 1).Select(i => $"{i % 1000:000};")))[..length];
        var stored = XpressStream.Compress(plain);

        Assert.Equal(plain, XpressStream.Decompress(stored, length));
        Assert.True(stored.Length <= XpressStream.MaxStoredBytes(length));
    }

    [Fact]
    public void Whatever_is_not_such_a_stream_is_refused_within_bounds()
    {
        var random = new Random(15);
        var good = XpressStream.Compress(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n"))));
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bad = good[..random.Next(1, good.Length + 1)];
            for (var n = random.Next(4); n >= 0; n--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.True(XpressStream.Decompress(bad, 100_000).Length <= 100_000);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 20_000);
        Assert.Throws<InvalidDataException>(() => XpressStream.Decompress(good, 1000));
    }

    private static byte[] Sample(Random random, int i)
    {
        var plain = new byte[1 + random.Next(i % 50 == 0 ? 65_536 : 3000)];
        switch (i % 5)
        {
            case 0: // noise
                random.NextBytes(plain);
                break;
            case 1: // few letters
                for (var n = 0; n < plain.Length; n++)
                {
                    plain[n] = (byte)('a' + random.Next(1 + (i % 7)));
                }

                break;
            case 2: // long repetitions at all distances
                random.NextBytes(plain.AsSpan(0, Math.Min(plain.Length, 1 + random.Next(300))));
                for (var n = 300; n < plain.Length; n++)
                {
                    plain[n] = plain[n - 1 - random.Next(Math.Min(n, 1 + (i % 300)))];
                }

                break;
            case 3: // one byte, with rare others: very long matches, and very uneven codes
                for (var n = random.Next(20); n > 0; n--)
                {
                    plain[random.Next(plain.Length)] = (byte)n;
                }

                break;
            default: // frequencies like Fibonacci's numbers: the deepest trees
                for (var n = 0; n < plain.Length; n++)
                {
                    plain[n] = (byte)System.Numerics.BitOperations.TrailingZeroCount(random.Next() | (1 << 24));
                }

                break;
        }

        return plain;
    }
}
