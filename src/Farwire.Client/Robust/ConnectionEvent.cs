namespace Farwire.Client.Robust;

/// <summary>What happens to the way between a client and its shell. The numbers are those of Windows' callback flags.</summary>
/// <remarks>WSMan API, "WSMAN_CALLBACK_FLAGS".</remarks>
public enum ConnectionEvent
{
    /// <summary>The client gave up mending: the shell counts as left, and lives until its idle time.</summary>
    AutoDisconnected = 0x40,

    /// <summary>A connection broke.</summary>
    NetworkFailureDetected = 0x100,

    /// <summary>The request is sent again.</summary>
    Retrying = 0x200,

    /// <summary>The way is mended; nothing was lost and nothing done twice.</summary>
    Reconnected = 0x400,

    /// <summary>The time for mending is over.</summary>
    AutoDisconnecting = 0x800,

    /// <summary>The caller stopped while the way was being mended.</summary>
    RetryAborted = 0x1000,
}
