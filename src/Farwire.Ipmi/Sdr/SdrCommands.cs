namespace Farwire.Ipmi.Sdr;

/// <summary>How many records there are, and when they changed last.</summary>
/// <remarks>IPMI 2.0, "Get SDR Repository Info Command". Equal values mean an unchanged repository.</remarks>
/// <param name="Count">The records.</param>
/// <param name="Addition">When one was added last, in seconds.</param>
/// <param name="Erase">When one was erased last, in seconds.</param>
internal readonly record struct SdrRepositoryInfo(ushort Count, uint Addition, uint Erase);

internal sealed record GetSdrRepositoryInfo : ICommand<SdrRepositoryInfo>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x20, "Get SDR Repository Info");

    public void Write(ref DataWriter data)
    {
    }

    // version · count · free space · most recent addition · most recent erase · what is supported
    public SdrRepositoryInfo Read(ref DataReader data)
    {
        data.Skip(1);
        var count = data.UInt16();
        data.Skip(2);
        return new SdrRepositoryInfo(count, data.UInt32(), data.UInt32());
    }
}

/// <remarks>IPMI 2.0, "Reserve SDR Repository Command".</remarks>
internal sealed record ReserveSdrRepository : ICommand<ushort>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x22, "Reserve SDR Repository");

    public void Write(ref DataWriter data)
    {
    }

    public ushort Read(ref DataReader data) => data.UInt16();
}

/// <summary>A part of a record, and which record follows.</summary>
internal readonly record struct SdrPart(ushort Next, ReadOnlyMemory<byte> Bytes);

/// <remarks>IPMI 2.0, "Get SDR Command". A count of FFh means the whole record.</remarks>
internal sealed record GetSdr(ushort Reservation, ushort RecordId, byte Offset, byte Count) : ICommand<SdrPart>
{
    public const byte Whole = 0xFF;

    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x23, "Get SDR");

    public void Write(ref DataWriter data)
    {
        data.UInt16(Reservation);
        data.UInt16(RecordId);
        data.Byte(Offset);
        data.Byte(Count);
    }

    public SdrPart Read(ref DataReader data) => new(data.UInt16(), data.Rest().ToArray());
}
