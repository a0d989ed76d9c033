using Farwire.Processes.Exit;

namespace Farwire.Processes.Tree;

/// <summary>A started program and all that it starts, seen from where they can be signalled: this process, or the broker.</summary>
internal interface IProgramControl
{
    int Id { get; }

    Task<ProcessExit> Exit { get; }

    bool Signal(ProcessSignal signal);

    Task EndTreeAsync();
}
