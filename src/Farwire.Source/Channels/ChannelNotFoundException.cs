namespace Farwire.Source.Channels;

/// <summary>A query names a channel that is not on this machine, or that the service may not read.</summary>
/// <remarks>Windows' ERROR_EVT_CHANNEL_NOT_FOUND, 15007.</remarks>
public sealed class ChannelNotFoundException(string channel)
    : Exception($"There is no channel '{channel}' on this machine, or it cannot be read.")
{
    /// <summary>ERROR_EVT_CHANNEL_NOT_FOUND.</summary>
    public const uint Code = 15007;

    /// <summary>The channel.</summary>
    public string Channel { get; } = channel;
}
