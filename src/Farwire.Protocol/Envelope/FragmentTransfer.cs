namespace Farwire.Protocol.Envelope;

/// <summary>The part of a representation that a Get or Put is about.</summary>
/// <param name="Expression">The path, in the dialect's words.</param>
/// <param name="Dialect">The dialect's URI; null is XPath 1.0.</param>
/// <remarks>DSP0226, "Fragment-level WS-Transfer".</remarks>
public sealed record FragmentTransfer(string Expression, string? Dialect = null);
