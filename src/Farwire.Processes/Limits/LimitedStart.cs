using System.Globalization;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Limits;

/// <summary>A start that first joins a control group and takes its limits, and then becomes the program.</summary>
/// <remarks>Done by the program's own process before it is the program: there is no moment in which it could start something outside.</remarks>
internal static class LimitedStart
{
    private const string Shell = "/bin/sh";

    // $1 the file of members or nothing, $2 the limit of data in KB or 0, then the program
    private const string Limit = "[ -z \"$1\" ] || echo 0 >\"$1\" || exit 126; [ \"$2\" = 0 ] || ulimit -d \"$2\"; shift 2; ";

    /// <summary><paramref name="start"/> as a member of <paramref name="control"/>; where the kernel does not count memory, each process has the limit for itself.</summary>
    public static ProgramStart Of(ProgramStart start, ProgramGroup group, ControlGroup? control, bool limitsMemory)
    {
        var kilobytes = limitsMemory ? 0 : group.MaxMemoryBytes / 1024;
        if (control is null && kilobytes == 0)
        {
            return start;
        }

        string[] limits = [control?.MembersFile ?? "", kilobytes.ToString(CultureInfo.InvariantCulture)];

        // What is a script of the same shell is read on by it: starting a second one would take as long as the first.
        return start is { Program: Shell, Arguments: ["-c", var script, ..] }
            ? start with { Arguments = ["-c", Limit + script, start.Arguments.ElementAtOrDefault(2) ?? Shell, .. limits, .. start.Arguments.Skip(3)] }
            : start with { Program = Shell, Arguments = ["-c", Limit + "exec \"$@\"", Shell, .. limits, start.Program, .. start.Arguments] };
    }
}
