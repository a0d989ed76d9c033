namespace Farwire.Cim.Classes;

/// <summary>A method of a class.</summary>
/// <param name="Name">As the class spells it.</param>
/// <param name="ReturnType">The type of ReturnValue; null for a method without one.</param>
/// <param name="Parameters">In order of declaration.</param>
/// <remarks>DSP0004, "Methods".</remarks>
public sealed record CimMethod(string Name, CimType? ReturnType, IReadOnlyList<CimParameter> Parameters)
{
    /// <summary>Its qualifiers.</summary>
    public CimQualifiers Qualifiers { get; init; } = CimQualifiers.None;

    /// <summary>It needs no instance.</summary>
    public bool IsStatic => Qualifiers.IsSet("Static");
}

/// <summary>A parameter of a method.</summary>
/// <param name="Name">As the class spells it.</param>
/// <param name="Type">What it holds, or what each element of it holds.</param>
public sealed record CimParameter(string Name, CimType Type)
{
    /// <summary>It holds any number of values.</summary>
    public bool IsArray { get; init; }

    /// <summary>The class of a reference or embedded instance, when declared.</summary>
    public string? ClassName { get; init; }

    /// <summary>Its qualifiers.</summary>
    public CimQualifiers Qualifiers { get; init; } = CimQualifiers.None;

    /// <summary>The caller gives it. MOF's default, unless only OUT is said.</summary>
    public bool IsIn => Qualifiers.IsSet("In") || !IsOut;

    /// <summary>The method returns it.</summary>
    public bool IsOut => Qualifiers.IsSet("Out");
}
