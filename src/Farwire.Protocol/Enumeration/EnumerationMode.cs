namespace Farwire.Protocol.Enumeration;

/// <summary>What each item of an enumeration is.</summary>
/// <remarks>DSP0226, "Enumeration of EPRs".</remarks>
public enum EnumerationMode
{
    /// <summary>The representation alone.</summary>
    Object,

    /// <summary>The reference alone: <c>EnumerateEPR</c>.</summary>
    Epr,

    /// <summary>Both in one <c>w:Item</c>: <c>EnumerateObjectAndEPR</c>.</summary>
    ObjectAndEpr,
}

/// <summary>How an enumeration treats instances of derived classes.</summary>
/// <remarks>DSP0227, "Polymorphism".</remarks>
public enum PolymorphismMode
{
    /// <summary>Derived instances with all their properties, under their own class.</summary>
    IncludeSubClassProperties,

    /// <summary>Derived instances cut down to the properties of the class asked for.</summary>
    ExcludeSubClassProperties,

    /// <summary>Instances of exactly the class asked for.</summary>
    None,
}
