namespace Farwire.Cim.Classes;

/// <summary>What a property or parameter can hold.</summary>
/// <remarks>DSP0004, "Data types".</remarks>
public enum CimType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Signed, 8 bits.</summary>
    SInt8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Signed, 16 bits.</summary>
    SInt16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Signed, 32 bits.</summary>
    SInt32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>Signed, 64 bits.</summary>
    SInt64,

    /// <summary>IEEE 754, 32 bits.</summary>
    Real32,

    /// <summary>IEEE 754, 64 bits.</summary>
    Real64,

    /// <summary>One UCS-2 character.</summary>
    Char16,

    /// <summary>Text.</summary>
    String,

    /// <summary>A point in time or an interval.</summary>
    DateTime,

    /// <summary>A reference to an instance.</summary>
    Reference,

    /// <summary>An embedded instance.</summary>
    Instance,
}

/// <summary>The types as MOF spells them.</summary>
public static class CimTypes
{
    private static readonly Dictionary<string, CimType> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["boolean"] = CimType.Boolean, ["uint8"] = CimType.UInt8, ["sint8"] = CimType.SInt8, ["uint16"] = CimType.UInt16,
        ["sint16"] = CimType.SInt16, ["uint32"] = CimType.UInt32, ["sint32"] = CimType.SInt32, ["uint64"] = CimType.UInt64,
        ["sint64"] = CimType.SInt64, ["real32"] = CimType.Real32, ["real64"] = CimType.Real64, ["char16"] = CimType.Char16,
        ["string"] = CimType.String, ["datetime"] = CimType.DateTime, ["object"] = CimType.Instance,
    };

    /// <summary>The type called <paramref name="name"/> in MOF.</summary>
    public static bool TryParse(string name, out CimType type) => ByName.TryGetValue(name, out type);

    /// <summary>The name of <paramref name="type"/> in MOF.</summary>
    public static string MofName(this CimType type) => type switch
    {
        CimType.Reference => "ref",
        CimType.Instance => "object",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>True for the eight integer types.</summary>
    public static bool IsInteger(this CimType type) => type is >= CimType.UInt8 and <= CimType.SInt64;
}
