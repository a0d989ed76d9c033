namespace Farwire.Processes.Exit;

/// <summary>How a program ended.</summary>
/// <param name="Code">What it returned, 0 to 255; 128 and the signal's number when a signal ended it, as shells say it.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
public readonly record struct ProcessExit(int Code, int? Signal)
{
    // wait(2): the low seven bits are the signal, the next byte is the code.
    internal static ProcessExit FromStatus(int status) =>
        (status & 0x7f) is var signal and not 0 ? new ProcessExit(128 + signal, signal) : new ProcessExit((status >> 8) & 0xff, null);
}
