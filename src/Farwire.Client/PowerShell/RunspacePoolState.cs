using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.PowerShell;

/// <summary>Where a pool stands.</summary>
/// <remarks>MS-PSRP, "RunspacePoolState".</remarks>
public enum RunspacePoolState
{
    /// <summary>It is not asked for yet.</summary>
    BeforeOpen = 0,

    /// <summary>The service makes it.</summary>
    Opening = 1,

    /// <summary>Pipelines can run.</summary>
    Opened = 2,

    /// <summary>It is gone.</summary>
    Closed = 3,

    /// <summary>It ends.</summary>
    Closing = 4,

    /// <summary>It ended without anybody's wish.</summary>
    Broken = 5,

    /// <summary>Versions are being told.</summary>
    NegotiationSent = 6,

    /// <summary>Versions are agreed.</summary>
    NegotiationSucceeded = 7,

    /// <summary>A client comes to it.</summary>
    Connecting = 8,

    /// <summary>Its client has left it.</summary>
    Disconnected = 9,
}

/// <summary>Where a pipeline stands.</summary>
/// <remarks>MS-PSRP, "PSInvocationState".</remarks>
public enum PipelineState
{
    /// <summary>It has not begun.</summary>
    NotStarted = 0,

    /// <summary>It runs.</summary>
    Running = 1,

    /// <summary>It is told to stop.</summary>
    Stopping = 2,

    /// <summary>It was stopped.</summary>
    Stopped = 3,

    /// <summary>It came to its end; errors may be among what it said.</summary>
    Completed = 4,

    /// <summary>An error ended it.</summary>
    Failed = 5,

    /// <summary>Its client has left it.</summary>
    Disconnected = 6,
}

/// <summary>An error ended a pipeline.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It exists only with its error.")]
public sealed class PipelineFailedException(Records.ErrorRecord error) : Exception(error.Message)
{
    /// <summary>The error.</summary>
    public Records.ErrorRecord Error { get; } = error;
}
