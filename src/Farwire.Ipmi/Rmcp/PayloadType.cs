namespace Farwire.Ipmi.Rmcp;

/// <summary>What a datagram carries.</summary>
/// <remarks>IPMI 2.0, "Payload Types". Serial over LAN and manufacturers' payloads are not used here.</remarks>
internal enum PayloadType : byte
{
    IpmiMessage = 0x00,
    OpenSessionRequest = 0x10,
    OpenSessionResponse = 0x11,
    Rakp1 = 0x12,
    Rakp2 = 0x13,
    Rakp3 = 0x14,
    Rakp4 = 0x15,
}
