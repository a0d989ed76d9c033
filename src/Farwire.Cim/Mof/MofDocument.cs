using Farwire.Cim.Classes;

namespace Farwire.Cim.Mof;

/// <summary>What a MOF text declares.</summary>
internal sealed record MofDocument(IReadOnlyList<MofClass> Classes, int QualifierDeclarations, int Instances)
{
    /// <summary>What <c>#pragma namespace</c> says, with forward slashes; null when it says nothing.</summary>
    public string? Namespace { get; init; }
}

/// <summary>A class as it is declared: its own members only.</summary>
internal sealed record MofClass(
    string Name,
    string? SuperclassName,
    CimQualifiers Qualifiers,
    IReadOnlyList<CimProperty> Properties,
    IReadOnlyList<CimMethod> Methods,
    int Line,
    int Column);
