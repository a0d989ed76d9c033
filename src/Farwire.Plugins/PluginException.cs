using System.Diagnostics.CodeAnalysis;

namespace Farwire.Plugins;

/// <summary>A refusal that a plug-in means its client to see. Every other exception reaches the client as "the plug-in failed", and the log whole.</summary>
/// <param name="code">A Windows error code, such as 5 for access denied; it decides the kind of fault.</param>
/// <param name="message">What happened, for people.</param>
/// <param name="extendedXml">One XML element with more, or null.</param>
/// <remarks>WinRM plug-in API, "WSManPluginOperationComplete": errorCode and extendedInformation.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "There is no refusal without a code.")]
public sealed class PluginException(uint code, string message, string? extendedXml = null) : Exception(message)
{
    /// <summary>The Windows error code.</summary>
    public uint Code { get; } = code;

    /// <summary>More about it, as one XML element.</summary>
    public string? ExtendedXml { get; } = extendedXml;
}
