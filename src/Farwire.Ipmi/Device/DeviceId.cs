using System.Globalization;

namespace Farwire.Ipmi.Device;

/// <summary>Which controller answers, and what it has.</summary>
/// <remarks>IPMI 2.0, "Get Device ID Command".</remarks>
public sealed record DeviceId
{
    /// <summary>The manufacturer's number for this kind of controller.</summary>
    public byte Id { get; init; }

    /// <summary>The revision of the hardware.</summary>
    public byte Revision { get; init; }

    /// <summary>False while the controller starts or is being updated.</summary>
    public bool IsAvailable { get; init; }

    /// <summary>The firmware's version: the minor part is decimal in coded binary.</summary>
    public required string Firmware { get; init; }

    /// <summary>The version of the specification that it follows.</summary>
    public required Version IpmiVersion { get; init; }

    /// <summary>What the controller has.</summary>
    public DeviceSupport Support { get; init; }

    /// <summary>The manufacturer's number with IANA.</summary>
    public int Manufacturer { get; init; }

    /// <summary>The product's number at the manufacturer.</summary>
    public ushort Product { get; init; }
}

/// <summary>The logical devices behind a controller.</summary>
/// <remarks>IPMI 2.0, "Get Device ID Command", additional device support.</remarks>
[Flags]
public enum DeviceSupport
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Sensors.</summary>
    Sensor = 0x01,

    /// <summary>Sensor data records.</summary>
    SdrRepository = 0x02,

    /// <summary>A system event log.</summary>
    Sel = 0x04,

    /// <summary>Inventories.</summary>
    Fru = 0x08,

    /// <summary>Takes events from the bus.</summary>
    EventReceiver = 0x10,

    /// <summary>Sends events to the bus.</summary>
    EventGenerator = 0x20,

    /// <summary>Passes messages to another bus.</summary>
    Bridge = 0x40,

    /// <summary>Controls power.</summary>
    Chassis = 0x80,
}

internal sealed record GetDeviceId : ICommand<DeviceId>
{
    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x01, "Get Device ID");

    public void Write(ref DataWriter data)
    {
    }

    // id · revision · bit 7: not available, firmware major · minor in BCD · IPMI version in BCD, digits swapped · support · manufacturer · product
    public DeviceId Read(ref DataReader data)
    {
        var id = data.Byte();
        var revision = (byte)(data.Byte() & 0x0F);
        var major = data.Byte();
        var minor = data.Byte();
        var version = data.Byte();
        return new DeviceId
        {
            Id = id,
            Revision = revision,
            IsAvailable = (major & 0x80) == 0,
            Firmware = string.Create(CultureInfo.InvariantCulture, $"{major & 0x7F}.{minor:X2}"),
            IpmiVersion = new Version(version & 0x0F, version >> 4),
            Support = (DeviceSupport)data.Byte(),
            Manufacturer = data.UInt24() & 0xFFFFF,
            Product = data.UInt16(),
        };
    }
}
