using Farwire.Cim.Instances;

namespace Farwire.Cim.Classes;

/// <summary>A property of a class.</summary>
/// <param name="Name">As the class that introduces it spells it.</param>
/// <param name="Type">What it holds, or what each element of it holds.</param>
/// <remarks>DSP0004, "Properties".</remarks>
public sealed record CimProperty(string Name, CimType Type)
{
    /// <summary>It holds any number of values.</summary>
    public bool IsArray { get; init; }

    /// <summary>The class of a reference or embedded instance, when declared.</summary>
    public string? ClassName { get; init; }

    /// <summary>Its qualifiers.</summary>
    public CimQualifiers Qualifiers { get; init; } = CimQualifiers.None;

    /// <summary>The value when none is given.</summary>
    public CimValue Default { get; init; }

    /// <summary>The class that introduced it.</summary>
    public string Origin { get; init; } = "";

    /// <summary>It is part of an instance's name.</summary>
    public bool IsKey => Qualifiers.IsSet("Key");

    /// <summary>It may be changed by Put.</summary>
    public bool IsWritable => Qualifiers.IsSet("Write");
}
