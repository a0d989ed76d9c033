using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Broker;

/// <summary>A program that the broker started as somebody.</summary>
internal sealed class StartedProgram
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    private readonly string _mark;
    private readonly ulong _startTicks;

    private StartedProgram(int id, string mark, ulong startTicks)
    {
        Id = id;
        _mark = mark;
        _startTicks = startTicks;
        Exit = ExitWatcher.WatchAsync(id);
    }

    public int Id { get; }

    public Task<ProcessExit> Exit { get; }

    /// <summary>
    /// Gives up root for the account and its groups, drops every capability, and only then reads the script with what the client sent.
    /// </summary>
    public static StartedProgram Start(ProgramOrder order, BrokeredAccount account, ReadOnlySpan<int> streams)
    {
        var mark = Guid.NewGuid().ToString("N");
        var startTicks = ProcessTree.TicksNow();
        using var script = MemoryFile.Of(StartScript.Write(order with
        {
            Variables = Surroundings(order, account, mark),
            WorkingDirectory = order.WorkingDirectory ?? account.Home,
        }));
        var launch = new ProgramStart(SetPriv,
        [
            $"--reuid={account.Uid}", $"--regid={account.Gid}", "--init-groups", "--inh-caps=-all", "--bounding-set=-all", "--",
            "/bin/sh", $"/proc/self/fd/{StartScript.Descriptor}",
        ]);
        var id = Spawn.Run(launch, [$"PATH={DefaultPath}"], [.. streams, script.Descriptor], out var error);
        return error == 0 ? new StartedProgram(id, mark, startTicks) : throw new System.ComponentModel.Win32Exception(error);
    }

    // Once all of the tree are gone the kernel may give their number to somebody else.
    public bool Signal(ProcessSignal signal) =>
        (!Exit.IsCompleted || ProcessTree.Members(Id, _mark, _startTicks).Count > 0) && Native.Kill(-Id, (int)signal) == 0;

    public async Task EndTreeAsync()
    {
        if (!Exit.IsCompleted)
        {
            Signal(ProcessSignal.Kill);
        }

        await ProcessTree.EndAsync(Id, _mark, _startTicks).ConfigureAwait(false);
        await Exit.ConfigureAwait(false);
    }

    // As login(1) sets them; the mark last, for nobody may replace it.
    private static List<KeyValuePair<string, string>> Surroundings(ProgramOrder order, BrokeredAccount account, string mark)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = DefaultPath,
            ["HOME"] = account.Home,
            ["SHELL"] = account.Shell.Length > 0 ? account.Shell : "/bin/sh",
        };
        foreach (var (name, value) in order.Variables)
        {
            variables[name] = value;
        }

        variables["USER"] = variables["LOGNAME"] = account.Name;
        variables[ProcessLauncher.TreeVariable] = mark;
        return [.. variables];
    }
}
