namespace Farwire.Client.PowerShell.Clixml;

/// <summary>A text that the other side holds as XML (<c>XD</c>). It is not parsed here.</summary>
/// <param name="Xml">The document.</param>
/// <remarks>MS-PSRP, "XML Document".</remarks>
public sealed record XmlText(string Xml)
{
    /// <inheritdoc/>
    public override string ToString() => Xml;
}

/// <summary>A block of code (<c>SBK</c>).</summary>
/// <param name="Code">The code.</param>
/// <remarks>MS-PSRP, "ScriptBlock".</remarks>
public sealed record ScriptBlock(string Code)
{
    /// <inheritdoc/>
    public override string ToString() => Code;
}

/// <summary>A secret that only the key of its session opens (<c>SS</c>).</summary>
/// <param name="Sealed">The sealed bytes.</param>
/// <remarks>MS-PSRP, "Secure String".</remarks>
public sealed record SealedString(ReadOnlyMemory<byte> Sealed)
{
    /// <summary>A secret does not show itself.</summary>
    public override string ToString() => "System.Security.SecureString";
}
