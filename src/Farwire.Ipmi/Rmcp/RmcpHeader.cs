namespace Farwire.Ipmi.Rmcp;

/// <summary>The four bytes before every datagram.</summary>
/// <remarks>IPMI 2.0, "RMCP Message Format".</remarks>
internal static class RmcpHeader
{
    public const int Bytes = 4;

    // version 1.0 · reserved · sequence FFh: no acknowledge wanted · class of message 07h: IPMI
    private static ReadOnlySpan<byte> Ipmi => [0x06, 0x00, 0xFF, 0x07];

    public static void Write(ref DataWriter datagram) => datagram.Bytes(Ipmi);

    public static bool IsAt(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= Bytes && datagram[0] == Ipmi[0] && datagram[3] == Ipmi[3];
}
