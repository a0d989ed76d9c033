using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Processes.Limits;

namespace Farwire.Processes.Tree;

/// <summary>A program that this process started.</summary>
/// <param name="id">Its id, session and process group.</param>
/// <param name="mark">The value of the variable that its descendants inherit.</param>
/// <param name="startTicks">Never later than what the kernel notes as the program's start: whoever is older is none of its tree.</param>
/// <param name="group">The control group that holds them all; null where there is none.</param>
internal sealed class ProgramTree(int id, string mark, ulong startTicks, ControlGroup? group = null) : IProgramControl
{
    public int Id => id;

    public Task<ProcessExit> Exit { get; } = ExitWatcher.WatchAsync(id);

    // Once all of the tree are gone the kernel may give their number to somebody else.
    public bool Signal(ProcessSignal signal) =>
        (!Exit.IsCompleted || (Members() ?? ProcessTree.Members(id, mark, startTicks)).Count > 0) && Native.Kill(-id, (int)signal) == 0;

    public IReadOnlyList<int>? Members() => group?.Members();

    public async Task EndTreeAsync()
    {
        if (!Exit.IsCompleted)
        {
            Signal(ProcessSignal.Kill);
        }

        await (group?.EndAsync() ?? ProcessTree.EndAsync(id, mark, startTicks)).ConfigureAwait(false);
        await Exit.ConfigureAwait(false);
    }
}
