using Farwire.Processes;

namespace Farwire.Shells.Plugins;

/// <summary>A plug-in's shell that lives in a process of its own, or shares one.</summary>
public interface IShellProcess
{
    /// <summary>The process with all that it started.</summary>
    RunningProcess Process { get; }

    /// <summary>Ends with the process.</summary>
    Task Ended { get; }

    /// <summary>Ends the process with all that it started.</summary>
    Task EndAsync();
}
