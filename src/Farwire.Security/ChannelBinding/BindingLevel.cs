namespace Farwire.Security.ChannelBinding;

/// <summary>How much a service insists on channel bindings over TLS.</summary>
/// <remarks>MS-WSMV, "CbtHardeningLevel".</remarks>
public enum BindingLevel
{
    /// <summary>Not looked at.</summary>
    None,

    /// <summary>A wrong one is refused, none is taken.</summary>
    Relaxed,

    /// <summary>None is refused too.</summary>
    Strict,
}
