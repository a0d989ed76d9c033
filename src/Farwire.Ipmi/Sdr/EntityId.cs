using System.Globalization;

namespace Farwire.Ipmi.Sdr;

/// <summary>The part of the machine that a sensor or inventory belongs to.</summary>
/// <remarks>IPMI 2.0, "Entity IDs".</remarks>
public readonly record struct EntityId(byte Id, byte Instance)
{
    private static readonly string?[] Names =
    [
        "unspecified", "other", "unknown", "processor", "disk or disk bay", "peripheral bay", "system management module", "system board",
        "memory module", "processor module", "power supply", "add-in card", "front panel board", "back panel board", "power system board",
        "drive backplane", "system internal expansion board", "other system board", "processor board", "power unit", "power module",
        "power management", "chassis back panel board", "system chassis", "sub-chassis", "other chassis board", "disk drive bay",
        "peripheral bay", "device bay", "fan", "cooling unit", "cable", "memory device", "system management software", "system firmware",
        "operating system", "system bus", "group", "remote management device", "external environment", "battery", "processing blade",
        "connectivity switch", "processor/memory module", "I/O module", "processor/I/O module", "management controller firmware",
        "IPMI channel", "PCI bus", "PCI Express bus", "SCSI bus", "SATA/SAS bus", "processor front-side bus", "real-time clock", null,
        "air inlet", null, null, null, null, null, null, null, null, "air inlet", "processor", "main system board",
    ];

    /// <summary>The kind of part.</summary>
    public string Name => Id < Names.Length && Names[Id] is { } name ? name : Id switch
    {
        >= 0x90 and <= 0xAF => "chassis part",
        >= 0xB0 and <= 0xCF => "board part",
        >= 0xD0 => "manufacturer's part",
        _ => "reserved",
    };

    /// <summary>The number among the parts of this kind; from 60h on it counts within a device.</summary>
    public int Number => Instance & 0x7F;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Number}");
}
