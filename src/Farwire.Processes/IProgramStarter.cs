using System.ComponentModel;
using Farwire.Processes.Launch;

namespace Farwire.Processes;

/// <summary>Starts programs for callers, each with its caller's rights.</summary>
public interface IProgramStarter
{
    /// <summary>Starts a program as <paramref name="account"/>, in a session of its own, with pipes for its three standard streams.</summary>
    /// <exception cref="UnauthorizedAccessException">Nothing may be started as this account; the message says why.</exception>
    /// <exception cref="Win32Exception">It could not be started; the native error code is the errno.</exception>
    /// <exception cref="ArgumentException">An argument or a variable is none that the system takes.</exception>
    Task<RunningProcess> StartAsync(ProgramStart start, string account);
}
