namespace Farwire.Ipmi.Sel;

/// <summary>How full the log is, and when it changed.</summary>
/// <remarks>IPMI 2.0, "Get SEL Info Command".</remarks>
public sealed record SelInfo
{
    /// <summary>The records in it.</summary>
    public int Entries { get; init; }

    /// <summary>The bytes free; 65535 stands for as many or more.</summary>
    public int FreeBytes { get; init; }

    /// <summary>When a record was added last, in seconds.</summary>
    public uint Addition { get; init; }

    /// <summary>When a record was erased last, in seconds.</summary>
    public uint Erase { get; init; }

    /// <summary>True when records were lost because there was no room.</summary>
    public bool Overflow { get; init; }

    /// <summary>True when a reservation can, and for clearing must, be made.</summary>
    public bool HasReservations { get; init; }
}

internal sealed record GetSelInfo : ICommand<SelInfo>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x40, "Get SEL Info");

    public void Write(ref DataWriter data)
    {
    }

    // version · entries · free bytes · last addition · last erase · bit 7: overflow, bit 1: reservations
    public SelInfo Read(ref DataReader data)
    {
        data.Skip(1);
        var entries = data.UInt16();
        var free = data.UInt16();
        var addition = data.UInt32();
        var erase = data.UInt32();
        var support = data.Byte();
        return new SelInfo
        {
            Entries = entries,
            FreeBytes = free,
            Addition = addition,
            Erase = erase,
            Overflow = (support & 0x80) != 0,
            HasReservations = (support & 0x02) != 0,
        };
    }
}

/// <remarks>IPMI 2.0, "Reserve SEL Command".</remarks>
internal sealed record ReserveSel : ICommand<ushort>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x42, "Reserve SEL");

    public void Write(ref DataWriter data)
    {
    }

    public ushort Read(ref DataReader data) => data.UInt16();
}

/// <summary>A record, and which follows.</summary>
internal readonly record struct SelEntry(ushort Next, SelRecord Record);

/// <remarks>IPMI 2.0, "Get SEL Entry Command". 0000h is the first record, FFFFh the last.</remarks>
internal sealed record GetSelEntry(ushort RecordId) : ICommand<SelEntry>
{
    public const ushort First = 0x0000;
    public const ushort Last = 0xFFFF;

    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x43, "Get SEL Entry");

    public void Write(ref DataWriter data)
    {
        data.UInt16(0); // whole records need no reservation
        data.UInt16(RecordId);
        data.Byte(0);
        data.Byte(0xFF);
    }

    public SelEntry Read(ref DataReader data) => new(data.UInt16(), SelRecord.Read(data.Rest()));
}

/// <remarks>IPMI 2.0, "Add SEL Entry Command". The controller sets number and time.</remarks>
internal sealed record AddSelEntry(SelRecord Record) : ICommand<ushort>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x44, "Add SEL Entry");

    public bool Changes => true;

    public void Write(ref DataWriter data)
    {
        switch (Record)
        {
            case SelEvent e:
                e.Write(ref data);
                break;
            case SelOemRecord oem:
                oem.Write(ref data);
                break;
        }
    }

    public ushort Read(ref DataReader data) => data.UInt16();
}

/// <remarks>IPMI 2.0, "Clear SEL". AAh begins, 00h asks how far it is; 1 means done.</remarks>
internal sealed record ClearSel(ushort Reservation, bool Begin) : ICommand<bool>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x47, "Clear SEL");

    public bool Changes => true;

    public void Write(ref DataWriter data)
    {
        data.UInt16(Reservation);
        data.Bytes("CLR"u8);
        data.Byte(Begin ? (byte)0xAA : (byte)0x00);
    }

    public bool Read(ref DataReader data) => (data.Byte() & 0x0F) == 1;
}

/// <remarks>IPMI 2.0, "Get SEL Time Command".</remarks>
internal sealed record GetSelTime : ICommand<uint>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x48, "Get SEL Time");

    public void Write(ref DataWriter data)
    {
    }

    public uint Read(ref DataReader data) => data.UInt32();
}

/// <remarks>IPMI 2.0, "Set SEL Time Command".</remarks>
internal sealed record SetSelTime(uint Seconds) : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x49, "Set SEL Time");

    public bool Changes => true;

    public void Write(ref DataWriter data) => data.UInt32(Seconds);

    public Done Read(ref DataReader data) => default;
}
