using Farwire.Ipmi.Rmcp;
using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Tests.Rmcp;

public sealed class SealedPacketTests
{
    private const uint SessionId = 0x04030201;

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public void A_sealed_message_of_any_length_comes_back(int suite)
    {
        using var keys = Keys(suite);
        for (var length = 7; length < 260; length++)
        {
            var message = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
            var datagram = Seal(keys, message);

            var text = new byte[SealedPacket.MaxBytes];
            Assert.Equal(PacketVerdict.Good, SealedPacket.Open(datagram, keys, SessionId, text, out var sequence, out var opened));
            Assert.Equal(5u, sequence);
            Assert.Equal(message, text[..opened]);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public void No_changed_bit_passes(int suite)
    {
        using var keys = Keys(suite);
        var datagram = Seal(keys, new byte[20]);
        var text = new byte[SealedPacket.MaxBytes];
        for (var bit = 4 * 8; bit < datagram.Length * 8; bit++)
        {
            var changed = datagram.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(PacketVerdict.Good, SealedPacket.Open(changed, keys, SessionId, text, out _, out _));
        }
    }

    [Fact]
    public void No_cut_datagram_passes()
    {
        using var keys = Keys(3);
        var datagram = Seal(keys, new byte[20]);
        var text = new byte[SealedPacket.MaxBytes];
        for (var length = 0; length < datagram.Length; length++)
        {
            Assert.NotEqual(PacketVerdict.Good, SealedPacket.Open(datagram.AsSpan(0, length), keys, SessionId, text, out _, out _));
        }
    }

    [Fact]
    public void A_clear_datagram_is_not_taken_inside_a_session()
    {
        using var keys = Keys(3);
        var datagram = Seal(keys, new byte[20]);
        datagram[5] = 0x00;

        Assert.Equal(PacketVerdict.OtherPayload, SealedPacket.Open(datagram, keys, SessionId, new byte[SealedPacket.MaxBytes], out _, out _));
    }

    private static byte[] Seal(SessionKeys keys, byte[] message)
    {
        var datagram = new byte[SealedPacket.MaxBytes];
        return datagram[..SealedPacket.Write(datagram, keys, SessionId, 5, message, new byte[16])];
    }

    private static SessionKeys Keys(int suite) => new(suite == 3 ? CipherSuite.Suite3 : CipherSuite.Suite17, new byte[suite == 3 ? 20 : 32]);
}
