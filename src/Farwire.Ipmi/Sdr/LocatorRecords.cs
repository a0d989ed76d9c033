namespace Farwire.Ipmi.Sdr;

/// <summary>Where an inventory is.</summary>
/// <remarks>IPMI 2.0, "SDR Type 11h, FRU Device Locator Record".</remarks>
public sealed record FruLocatorRecord : SdrRecord
{
    internal const byte Type = 0x11;

    /// <summary>The address of the controller that has it.</summary>
    public byte AccessAddress { get; init; }

    /// <summary>True when the controller keeps it; false when it is a memory on a bus.</summary>
    public bool IsLogical { get; init; }

    /// <summary>The number of a kept inventory, or the address of a memory.</summary>
    public byte DeviceId { get; init; }

    /// <summary>The part it describes.</summary>
    public EntityId Entity { get; init; }

    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    // access address · number or address · bit 7: logical, LUN, bus · channel · reserved · device type (2) · entity (2) · OEM · name
    internal static FruLocatorRecord ReadBody(ref DataReader data, ushort id)
    {
        var address = data.Byte();
        var device = data.Byte();
        var flags = data.Byte();
        data.Skip(4);
        var entity = new EntityId(data.Byte(), data.Byte());
        data.Skip(1);
        return new FruLocatorRecord
        {
            RecordId = id,
            AccessAddress = address,
            DeviceId = device,
            IsLogical = (flags & 0x80) != 0,
            Entity = entity,
            Name = TypeLengthText.ReadName(ref data),
        };
    }
}

/// <summary>Where a management controller is.</summary>
/// <remarks>IPMI 2.0, "SDR Type 12h, Management Controller Device Locator Record".</remarks>
public sealed record ControllerLocatorRecord : SdrRecord
{
    internal const byte Type = 0x12;

    /// <summary>Its address.</summary>
    public byte Address { get; init; }

    /// <summary>The channel to it.</summary>
    public byte Channel { get; init; }

    /// <summary>What it has.</summary>
    public Device.DeviceSupport Support { get; init; }

    /// <summary>The part it is.</summary>
    public EntityId Entity { get; init; }

    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    // address · channel · power state, initialization · support · 3 reserved · entity (2) · OEM · name
    internal static ControllerLocatorRecord ReadBody(ref DataReader data, ushort id)
    {
        var address = data.Byte();
        var channel = (byte)(data.Byte() & 0x0F);
        data.Skip(1);
        var support = (Device.DeviceSupport)data.Byte();
        data.Skip(3);
        var entity = new EntityId(data.Byte(), data.Byte());
        data.Skip(1);
        return new ControllerLocatorRecord
        {
            RecordId = id,
            Address = address,
            Channel = channel,
            Support = support,
            Entity = entity,
            Name = TypeLengthText.ReadName(ref data),
        };
    }
}
