using Farwire.Ipmi.Rmcp;

namespace Farwire.Ipmi.Session;

/// <summary>The state of an open session: who the sides are, and which numbers are used. Knows no socket and no clock.</summary>
internal sealed class LanSession(uint consoleId, uint controllerId, SessionKeys keys) : IDisposable
{
    private uint _sent;
    private SequenceWindow _received;

    public uint ControllerId => controllerId;

    /// <summary>Seals a request with the next sequence number; a repetition needs a new one as well.</summary>
    public int Write(Span<byte> datagram, byte messageSequence, IpmiRequest request, ReadOnlySpan<byte> initialVector)
    {
        if (++_sent == 0)
        {
            _sent = 1;
        }

        Span<byte> message = stackalloc byte[LanMessage.RequestOverhead + IpmiRequest.MaxDataBytes];
        var writer = new DataWriter(message);
        LanMessage.WriteRequest(ref writer, messageSequence, request.IsBridged ? Bridging.Wrap(messageSequence, request) : request);
        return SealedPacket.Write(datagram, keys, controllerId, _sent, message[..writer.Length], initialVector);
    }

    /// <summary>Opens a datagram; good is only the answer to this request.</summary>
    public PacketVerdict Read(ReadOnlySpan<byte> datagram, byte messageSequence, IpmiRequest request, out IpmiResponse response)
    {
        response = default;
        Span<byte> text = stackalloc byte[SealedPacket.MaxBytes];
        if (SealedPacket.Open(datagram, keys, consoleId, text, out var sequence, out var length) is var verdict and not PacketVerdict.Good)
        {
            return verdict;
        }

        if (!_received.Accept(sequence))
        {
            return PacketVerdict.Repeated;
        }

        if (request.IsBridged)
        {
            return Bridging.Read(text[..length], messageSequence, request, out response);
        }

        if (!LanMessage.TryReadResponse(text[..length], out var message))
        {
            return PacketVerdict.Malformed;
        }

        if (!message.Answers(messageSequence, request))
        {
            return PacketVerdict.OtherAnswer;
        }

        response = new IpmiResponse(message.CompletionCode, text.Slice(message.DataOffset, message.DataLength).ToArray());
        return PacketVerdict.Good;
    }

    public void Dispose() => keys.Dispose();
}
