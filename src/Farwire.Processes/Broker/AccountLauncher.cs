using System.ComponentModel;
using Farwire.Processes.Launch;
using Farwire.Processes.Limits;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Broker;

/// <summary>Starts programs as an account, from a process that is root.</summary>
internal static class AccountLauncher
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>
    /// Gives up root for the account and its groups, and only then reads the script with what the client sent.
    /// </summary>
    public static ProgramTree Start(ProgramOrder order, BrokeredAccount account, ReadOnlySpan<int> streams)
    {
        var mark = Guid.NewGuid().ToString("N");
        var startTicks = ProcessTree.TicksNow();
        using var script = MemoryFile.Of(StartScript.Write(order with { Variables = Surroundings(order, account, mark) }));
        var launch = As(account, ["/bin/sh", $"/proc/self/fd/{StartScript.Descriptor}"]);
        ControlGroup? control = null;
        if (order.Group is { } group)
        {
            control = group.IsValid ? ControlGroups.OfThisProcess?.Make(group, mark) : throw new ArgumentException("The group's name is none.", nameof(order));
            launch = LimitedStart.Of(launch, group, control, ControlGroups.OfThisProcess?.LimitsMemory == true);
        }

        var id = Spawn.Run(launch, [$"PATH={DefaultPath}"], [.. streams, script.Descriptor], out var error);
        if (error == 0)
        {
            return new ProgramTree(id, mark, startTicks, control);
        }

        _ = control?.EndAsync();
        throw new Win32Exception(error);
    }

    /// <summary>A start that gives up root first: for the account, its groups, and without capabilities to pass on.</summary>
    public static ProgramStart As(BrokeredAccount account, IReadOnlyList<string> command) => new(
        SetPriv, [$"--reuid={account.Uid}", $"--regid={account.Gid}", "--init-groups", "--inh-caps=-all", "--", .. command]);

    /// <summary>The same for the service in front, which reads the network: nothing it starts can gain rights either.</summary>
    public static ProgramStart ForGood(BrokeredAccount account, IReadOnlyList<string> command) => new(
        SetPriv, [$"--reuid={account.Uid}", $"--regid={account.Gid}", "--init-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--", .. command]);

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
