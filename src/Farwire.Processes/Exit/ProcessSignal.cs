namespace Farwire.Processes.Exit;

/// <summary>The signals that a program is sent, by their numbers on Linux.</summary>
/// <remarks>POSIX, "signal.h".</remarks>
public enum ProcessSignal
{
    /// <summary>No signal: asks whether anybody is there.</summary>
    None = 0,

    /// <summary>The terminal is gone; to a service, that it read its configuration again.</summary>
    Hangup = 1,

    /// <summary>Ctrl-C at a terminal.</summary>
    Interrupt = 2,

    /// <summary>The end, which cannot be refused.</summary>
    Kill = 9,

    /// <summary>The polite request to end.</summary>
    Terminate = 15,
}
