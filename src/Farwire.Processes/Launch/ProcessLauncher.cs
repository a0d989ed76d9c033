using System.Collections;
using System.ComponentModel;
using Farwire.Processes.Limits;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Launch;

/// <summary>Starts programs, each in a session of its own.</summary>
public static class ProcessLauncher
{
    /// <summary>
    /// The variable by which a tree's members are known even after they left its session: whoever inherits the environment belongs to it.
    /// </summary>
    internal const string TreeVariable = "FARWIRE_PROCESS_TREE";

    /// <summary>Starts a program with pipes for its three standard streams.</summary>
    /// <exception cref="Win32Exception">It could not be started; the native error code is the errno.</exception>
    /// <exception cref="ArgumentException">An argument or a variable holds a zero character.</exception>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    public static RunningProcess Start(ProgramStart start) => Start(start, ControlGroups.OfThisProcess);

    internal static RunningProcess Start(ProgramStart start, ControlGroups? groups)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Programs are started on Linux only.");
        }

        var startTicks = ProcessTree.TicksNow();
        var mark = Guid.NewGuid().ToString("N");
        using var pipes = StandardPipes.Open();
        var variables = Variables(start, mark);
        var group = start.Group is { IsValid: true } wanted && IsThere(start) ? wanted : null;
        var control = group is null ? null : groups?.Make(group, mark);
        var limited = group is null ? start : LimitedStart.Of(start, group, control, groups?.LimitsMemory == true);
        var id = Spawn.Run(limited, variables, pipes.ProgramEnds, out var error);
        if (error == 0)
        {
            return pipes.Of(new ProgramTree(id, mark, startTicks, control));
        }

        _ = control?.EndAsync();
        throw new Win32Exception(error);
    }

    // What is not there fails by its start, with the system's own number, and not in the script of the limits.
    private static bool IsThere(ProgramStart start) => start.Program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(Path.Combine(start.WorkingDirectory ?? ".", start.Program))
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, start.Program)));

    private static List<string> Variables(ProgramStart start, string mark)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            merged[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        foreach (var (name, value) in start.Environment)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{name}' cannot be the name of a variable.", nameof(start));
            }

            merged[name] = value;
        }

        merged[TreeVariable] = mark;
        return [.. merged.Select(pair => $"{pair.Key}={pair.Value}")];
    }
}
