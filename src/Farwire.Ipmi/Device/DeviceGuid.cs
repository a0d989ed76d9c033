namespace Farwire.Ipmi.Device;

/// <remarks>IPMI 2.0, "Get Device GUID Command".</remarks>
internal sealed record GetDeviceGuid : ICommand<Guid>
{
    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x08, "Get Device GUID");

    public void Write(ref DataWriter data)
    {
    }

    // Sixteen bytes from the node's end to the time's: a GUID read backwards.
    public Guid Read(ref DataReader data) => GuidBytes.Read(data.Bytes(16));
}

/// <remarks>IPMI 2.0, "Get System GUID Command".</remarks>
internal sealed record GetSystemGuid : ICommand<Guid>
{
    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x37, "Get System GUID");

    public void Write(ref DataWriter data)
    {
    }

    public Guid Read(ref DataReader data) => GuidBytes.Read(data.Bytes(16));
}

internal static class GuidBytes
{
    public static Guid Read(ReadOnlySpan<byte> bytes)
    {
        Span<byte> forwards = stackalloc byte[16];
        bytes.CopyTo(forwards);
        forwards.Reverse();
        return new Guid(forwards, bigEndian: true);
    }
}
