using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;

namespace Farwire.Client.Enumeration;

/// <summary>What to list, and how.</summary>
/// <remarks>DSP0226, "WS-Enumeration".</remarks>
public sealed record EnumerationRequest
{
    /// <summary>Which items; null means all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>What each item is.</summary>
    public EnumerationMode Mode { get; init; }

    /// <summary>How derived instances come.</summary>
    public PolymorphismMode? Polymorphism { get; init; }

    /// <summary>Selectors beside the class, such as <c>__cimnamespace</c>.</summary>
    public SelectorSet? Selectors { get; init; }

    /// <summary>The part of each item; most services have it for single resources only.</summary>
    public FragmentTransfer? Fragment { get; init; }

    /// <summary>Items in one batch at most; the envelope's size limits it too.</summary>
    public int BatchItems { get; init; } = 1000;
}
