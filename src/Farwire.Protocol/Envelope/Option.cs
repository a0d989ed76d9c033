namespace Farwire.Protocol.Envelope;

/// <summary>One switch of a request.</summary>
/// <param name="Name">Its name, compared without regard to case; the same name may come several times.</param>
/// <param name="Value">Its text; null when it is only present (<c>xsi:nil</c>).</param>
/// <remarks>DSP0226, "wsman:OptionSet".</remarks>
public sealed record Option(string Name, string? Value)
{
    /// <summary>The QName of the value's type as written; its prefix is often declared nowhere and is not resolved.</summary>
    public string? Type { get; init; }

    /// <summary>The request fails if the resource does not know this option.</summary>
    public bool MustComply { get; init; }
}
