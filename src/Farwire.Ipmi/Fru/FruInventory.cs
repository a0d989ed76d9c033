namespace Farwire.Ipmi.Fru;

/// <summary>What a replaceable part is.</summary>
/// <remarks>Platform Management FRU Information Storage Definition 1.0, "FRU Information Storage Organization".</remarks>
public sealed record FruInventory
{
    /// <summary>The chassis.</summary>
    public FruChassis? Chassis { get; init; }

    /// <summary>The board.</summary>
    public FruBoard? Board { get; init; }

    /// <summary>The product.</summary>
    public FruProduct? Product { get; init; }

    /// <summary>Further records, such as those of power supplies, as they are.</summary>
    public IReadOnlyList<FruRecord> Records { get; init; } = [];

    /// <summary>Areas that are damaged, by name: their sum does not fit or they are cut.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];
}

/// <remarks>"Chassis Info Area Format".</remarks>
/// <summary>The chassis.</summary>
/// <param name="Type">The kind, as SMBIOS counts.</param>
/// <param name="PartNumber">The part number.</param>
/// <param name="SerialNumber">The serial number.</param>
/// <param name="Custom">The maker's own fields.</param>
public sealed record FruChassis(byte Type, string PartNumber, string SerialNumber, IReadOnlyList<string> Custom)
{
    private static readonly string[] Types =
    [
        "Unspecified", "Other", "Unknown", "Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Portable", "LapTop", "Notebook",
        "Hand Held", "Docking Station", "All in One", "Sub Notebook", "Space-saving", "Lunch Box", "Main Server Chassis", "Expansion Chassis",
        "SubChassis", "Bus Expansion Chassis", "Peripheral Chassis", "RAID Chassis", "Rack Mount Chassis", "Sealed-case PC", "Multi-system Chassis",
        "Compact PCI", "Advanced TCA", "Blade", "Blade Enclosure",
    ];

    /// <summary>The kind in words.</summary>
    public string TypeName => Type < Types.Length ? Types[Type] : "Unknown";
}

/// <remarks>"Board Info Area Format".</remarks>
/// <summary>The board.</summary>
/// <param name="Manufactured">When it was made; null when that is not told.</param>
/// <param name="Manufacturer">The maker.</param>
/// <param name="ProductName">The name.</param>
/// <param name="SerialNumber">The serial number.</param>
/// <param name="PartNumber">The part number.</param>
/// <param name="FileId">The version of the file this information came from.</param>
/// <param name="Custom">The maker's own fields.</param>
public sealed record FruBoard(
    DateTimeOffset? Manufactured, string Manufacturer, string ProductName, string SerialNumber, string PartNumber, string FileId, IReadOnlyList<string> Custom);

/// <remarks>"Product Info Area Format".</remarks>
/// <summary>The product.</summary>
/// <param name="Manufacturer">The maker.</param>
/// <param name="Name">The name.</param>
/// <param name="PartNumber">The model or part number.</param>
/// <param name="Version">The version.</param>
/// <param name="SerialNumber">The serial number.</param>
/// <param name="AssetTag">The owner's tag.</param>
/// <param name="FileId">The version of the file this information came from.</param>
/// <param name="Custom">The maker's own fields.</param>
public sealed record FruProduct(
    string Manufacturer, string Name, string PartNumber, string Version, string SerialNumber, string AssetTag, string FileId, IReadOnlyList<string> Custom);

/// <summary>A record of the multi-record area.</summary>
/// <param name="Type">00h power supply, 01h DC output, 02h DC load, C0h and above the maker's.</param>
/// <param name="Data">Its body.</param>
public sealed record FruRecord(byte Type, ReadOnlyMemory<byte> Data);
