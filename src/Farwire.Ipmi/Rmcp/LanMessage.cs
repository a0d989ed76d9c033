namespace Farwire.Ipmi.Rmcp;

/// <summary>A command or an answer inside a datagram, guarded by two sums.</summary>
/// <remarks>IPMI 2.0, "IPMI LAN Message Format".</remarks>
internal readonly record struct LanMessage(byte Sequence, NetworkFunction Function, byte Lun, byte Command, CompletionCode CompletionCode, int DataOffset, int DataLength)
{
    public const byte ControllerAddress = IpmiRequest.ControllerAddress;
    public const byte ConsoleAddress = 0x81; // software ID 40h: remote console

    /// <summary>The sequence number has six bits.</summary>
    public const int SequenceCount = 64;

    private const int Head = 6;
    private const int Sum = 1;
    private const int MinResponseBytes = Head + 1 + Sum;

    public const int RequestOverhead = Head + Sum;

    // rsAddr · netFn/rsLUN · sum · rqAddr · rqSeq/rqLUN · cmd · data … · sum
    public static void WriteRequest(ref DataWriter message, byte sequence, IpmiRequest request, byte requester = ConsoleAddress)
    {
        var bytes = message.Take(RequestOverhead + request.Data.Length);
        bytes[0] = request.Responder;
        bytes[1] = (byte)(((byte)request.Function << 2) | (request.Lun & 0x03));
        bytes[2] = SumOf(bytes[..2]);
        bytes[3] = requester;
        bytes[4] = (byte)(sequence << 2);
        bytes[5] = request.Command;
        request.Data.Span.CopyTo(bytes[Head..]);
        bytes[^1] = SumOf(bytes[3..^1]);
    }

    // rqAddr · netFn/rqLUN · sum · rsAddr · rqSeq/rsLUN · cmd · completion code · data … · sum
    public static bool TryReadResponse(ReadOnlySpan<byte> bytes, out LanMessage message, byte requester = ConsoleAddress, byte responder = ControllerAddress)
    {
        message = default;
        if (bytes.Length < MinResponseBytes || bytes[0] != requester || bytes[3] != responder
            || bytes[2] != SumOf(bytes[..2]) || bytes[^1] != SumOf(bytes[3..^1]) || (bytes[1] & 0x04) == 0)
        {
            return false;
        }

        message = new LanMessage(
            (byte)(bytes[4] >> 2), (NetworkFunction)((bytes[1] >> 2) & ~1), (byte)(bytes[4] & 0x03), bytes[5],
            (CompletionCode)bytes[6], Head + 1, bytes.Length - MinResponseBytes);
        return true;
    }

    /// <summary>True when this is the answer to <paramref name="request"/> with the number <paramref name="sequence"/>.</summary>
    public bool Answers(byte sequence, IpmiRequest request) =>
        Sequence == sequence && Function == request.Function && Command == request.Command && Lun == request.Lun;

    // The two's complement of the sum: all together give zero.
    private static byte SumOf(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var b in bytes)
        {
            sum += b;
        }

        return (byte)-sum;
    }
}
