using Farwire.Ipmi;
using Farwire.Ipmi.Rmcp;
using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Tests.Rmcp;

/// <summary>The bytes are of a conversation with ipmi_sim.</summary>
public sealed class LanMessageTests
{
    private static readonly IpmiRequest Capabilities = AuthenticationCapabilities.Request(PrivilegeLevel.Administrator);

    [Fact]
    public void A_request_has_both_sums()
    {
        var datagram = new byte[64];
        var length = PresessionPacket.Write(datagram, 1, Capabilities);

        Assert.Equal("0600ff07000000000000000000092018c88104388e04b1", Convert.ToHexStringLower(datagram.AsSpan(0, length)));
    }

    [Fact]
    public void An_answer_is_read_and_knows_its_request()
    {
        var datagram = Convert.FromHexString("0600ff0700000000000000000010811c6320043800019705030000000004");

        Assert.True(PresessionPacket.TryRead(datagram, out var bytes));
        Assert.True(LanMessage.TryReadResponse(bytes, out var message));
        Assert.True(message.Answers(1, Capabilities));
        Assert.False(message.Answers(2, Capabilities));
        Assert.Equal(CompletionCode.Ok, message.CompletionCode);
        Assert.Equal(new AuthenticationCapabilities(1, HasRmcpPlus: true, NeedsKg: false), AuthenticationCapabilities.Read(bytes.Slice(message.DataOffset, message.DataLength)));
    }

    [Fact]
    public void A_changed_or_cut_answer_is_refused()
    {
        var datagram = Convert.FromHexString("0600ff0700000000000000000010811c6320043800019705030000000004");
        for (var bit = 14 * 8; bit < datagram.Length * 8; bit++)
        {
            var changed = datagram.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(PresessionPacket.TryRead(changed, out var bytes) && LanMessage.TryReadResponse(bytes, out _), $"bit {bit}");
        }

        for (var length = 0; length < datagram.Length; length++)
        {
            Assert.False(PresessionPacket.TryRead(datagram.AsSpan(0, length), out _), $"length {length}");
        }
    }
}
