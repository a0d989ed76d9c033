namespace Farwire.Protocol.Faults;

/// <summary>What the part behind a resource says about a failure.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Path">Where its code lies; may be empty.</param>
/// <remarks>MS-WSMV, "WSManFault" and "ProviderFault".</remarks>
public sealed record ProviderFault(string Provider, string Path)
{
    /// <summary>Its words, when it has no fault of its own.</summary>
    public string? Text { get; init; }

    /// <summary>The fault it raised itself.</summary>
    public WSManFault? Inner { get; init; }

    /// <summary>Its own error code, where it is known; the wire has it in the extended status alone.</summary>
    public uint? Status { get; init; }

    /// <summary>An extended status as one XML element, such as <c>p:__ExtendedStatus</c>.</summary>
    public string? ExtendedError { get; init; }
}
