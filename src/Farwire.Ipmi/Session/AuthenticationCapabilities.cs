namespace Farwire.Ipmi.Session;

/// <summary>What a controller says about itself before a session.</summary>
/// <remarks>IPMI 2.0, "Get Channel Authentication Capabilities".</remarks>
internal sealed record AuthenticationCapabilities(byte Channel, bool HasRmcpPlus, bool NeedsKg)
{
    private const byte Number = 0x38;
    private const byte ThisChannel = 0x0E;
    private const byte Extended = 0x80;

    public static IpmiRequest Request(PrivilegeLevel level) =>
        new(NetworkFunction.Application, Number, new byte[] { Extended | ThisChannel, (byte)level });

    // channel · bit 7: IPMI 2.0 capabilities · bit 5: K_g is set · bit 1 of the next: RMCP+ · OEM …
    public static AuthenticationCapabilities Read(ReadOnlySpan<byte> bytes)
    {
        var data = new DataReader(bytes, "The answer to Get Channel Authentication Capabilities");
        var channel = data.Byte();
        var extended = (data.Byte() & 0x80) != 0;
        var status = data.Byte();
        var connections = data.HasMore ? data.Byte() : (byte)0;
        return new AuthenticationCapabilities(channel, extended && (connections & 0x02) != 0, (status & 0x20) != 0);
    }
}
