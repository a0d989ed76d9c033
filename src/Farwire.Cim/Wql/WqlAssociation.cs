using Farwire.Cim.Naming;

namespace Farwire.Cim.Wql;

/// <summary>A question about what belongs to an instance: <c>ASSOCIATORS OF</c> or <c>REFERENCES OF</c>, and the association filter alike.</summary>
/// <param name="Object">The instance that is asked about.</param>
/// <param name="WantsAssociations">The associations themselves are wanted (<c>REFERENCES OF</c>), not what they lead to.</param>
/// <remarks>The WMI SDK, "ASSOCIATORS OF statement" and "REFERENCES OF statement"; DSP0227, "Association queries".</remarks>
public sealed record WqlAssociation(CimObjectPath Object, bool WantsAssociations) : WqlStatement
{
    /// <summary>Only by associations of this class.</summary>
    public string? AssociationClass { get; init; }

    /// <summary>Only results of this class.</summary>
    public string? ResultClass { get; init; }

    /// <summary>The result is in this property of the association.</summary>
    public string? ResultRole { get; init; }

    /// <summary>The instance that is asked about is in this property of the association.</summary>
    public string? Role { get; init; }

    /// <summary>The result's class has this qualifier.</summary>
    public string? RequiredQualifier { get; init; }

    /// <summary>The association's class has this qualifier.</summary>
    public string? RequiredAssociationQualifier { get; init; }

    /// <summary>The classes of the results are wanted.</summary>
    public bool ClassDefinitionsOnly { get; init; }

    /// <summary>The object is a class, and classes are wanted.</summary>
    public bool SchemaOnly { get; init; }

    /// <summary>Of the results, the keys are enough.</summary>
    public bool KeysOnly { get; init; }

    /// <summary>The properties that results shall show; empty for all.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];
}
