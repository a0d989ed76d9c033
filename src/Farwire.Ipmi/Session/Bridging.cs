using Farwire.Ipmi.Rmcp;

namespace Farwire.Ipmi.Session;

/// <summary>A request that the controller passes on to another on its primary bus.</summary>
/// <remarks>
/// IPMI 2.0, "Send Message Command" with tracking, "Bridging". The answer comes in one of two ways: inside the answer to Send Message, or after it as a message
/// of its own, which has the number of the request.
/// </remarks>
internal static class Bridging
{
    private const byte SendMessage = 0x34;
    private const byte Tracked = 0x40; // the controller notes who asked; channel 0 is the primary bus
    private const byte LostArbitration = 0x81;
    private const byte BusError = 0x82;
    private const byte NotAcknowledged = 0x83;

    // channel and tracking · the message as it goes over the bus, from the controller itself
    public static IpmiRequest Wrap(byte sequence, IpmiRequest request)
    {
        var data = new byte[1 + LanMessage.RequestOverhead + request.Data.Length];
        data[0] = Tracked;
        var writer = new DataWriter(data.AsSpan(1));
        LanMessage.WriteRequest(ref writer, sequence, request, LanMessage.ControllerAddress);
        return new IpmiRequest(NetworkFunction.Application, SendMessage, data);
    }

    /// <summary>Reads what came; on the way means that the controller took the request and the answer follows.</summary>
    public static PacketVerdict Read(ReadOnlySpan<byte> text, byte sequence, IpmiRequest request, out IpmiResponse response)
    {
        response = default;
        if (LanMessage.TryReadResponse(text, out var message))
        {
            if (message.Sequence != sequence || message is not { Function: NetworkFunction.Application, Command: SendMessage })
            {
                // Some controllers forward the answer under their own address.
                return Answer(text, message, sequence, request, ref response);
            }

            var inner = text.Slice(message.DataOffset, message.DataLength);
            if (message.CompletionCode != CompletionCode.Ok)
            {
                response = new IpmiResponse(OfBus(message.CompletionCode), default);
                return PacketVerdict.Good;
            }

            return inner.IsEmpty ? PacketVerdict.OnTheWay
                : LanMessage.TryReadResponse(inner, out var wrapped, LanMessage.ControllerAddress, request.Responder) ? Answer(inner, wrapped, sequence, request, ref response)
                : PacketVerdict.Malformed;
        }

        // Forwarded as it came over the bus, or with the console's address in it.
        return LanMessage.TryReadResponse(text, out var forwarded, LanMessage.ControllerAddress, request.Responder)
            || LanMessage.TryReadResponse(text, out forwarded, responder: request.Responder) ? Answer(text, forwarded, sequence, request, ref response) : PacketVerdict.Malformed;
    }

    private static PacketVerdict Answer(ReadOnlySpan<byte> text, LanMessage message, byte sequence, IpmiRequest request, ref IpmiResponse response)
    {
        if (!message.Answers(sequence, request))
        {
            return PacketVerdict.OtherAnswer;
        }

        response = new IpmiResponse(message.CompletionCode, text.Slice(message.DataOffset, message.DataLength).ToArray());
        return PacketVerdict.Good;
    }

    // The codes of Send Message itself would be mistaken for codes of the command that was passed on.
    private static CompletionCode OfBus(CompletionCode code) => (byte)code switch
    {
        LostArbitration => CompletionCode.NodeBusy,
        BusError or NotAcknowledged => CompletionCode.DestinationUnavailable,
        _ => code,
    };
}
