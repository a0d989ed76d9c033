namespace Farwire.Source.Forwarding;

/// <summary>A subscription that this machine cannot serve.</summary>
/// <param name="code">The Windows error.</param>
/// <param name="message">Why, for the collector's people.</param>
internal sealed class SubscriptionRefusedException(uint code, string message) : Exception(message)
{
    /// <summary>ERROR_NOT_SUPPORTED.</summary>
    public const uint NotSupported = 50;

    /// <summary>ERROR_INVALID_PARAMETER.</summary>
    public const uint BadParameter = 87;

    /// <summary>ERROR_EVT_INVALID_QUERY.</summary>
    public const uint BadQuery = 15001;

    /// <summary>The Windows error.</summary>
    public uint Code { get; } = code;
}
