using Farwire.Processes.Exit;

namespace Farwire.Processes.Tree;

/// <summary>A started program and all that it starts, seen from where they can be signalled: this process, or the broker.</summary>
internal interface IProgramControl
{
    int Id { get; }

    Task<ProcessExit> Exit { get; }

    bool Signal(ProcessSignal signal);

    Task EndTreeAsync();

    /// <summary>All who run of the program's control group; null when it has none that can be seen from here.</summary>
    IReadOnlyList<int>? Members();
}
