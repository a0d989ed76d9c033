namespace Farwire.Protocol.Addressing;

/// <summary>One key of a resource: text, or the reference of another resource.</summary>
/// <remarks>DSP0226, "wsman:SelectorSet". Names and values are compared without regard to case, as WinRM does.</remarks>
public sealed record Selector(string Name, string Value)
{
    /// <summary>The value when the key is a reference; then <see cref="Value"/> is empty.</summary>
    public EndpointReference? Reference { get; init; }
}
