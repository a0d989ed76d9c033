using System.Globalization;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Limits;

/// <summary>A start that first joins a control group and takes its limits, and then becomes the program.</summary>
/// <remarks>Done by the program's own process before it is the program: there is no moment in which it could start something outside.</remarks>
internal static class LimitedStart
{
    // $0 the file of members or nothing, $1 the limit of data in KB or 0, then the program
    private const string Script = "[ -z \"$0\" ] || echo 0 >\"$0\" || exit 126; [ \"$1\" = 0 ] || ulimit -d \"$1\"; shift; exec \"$@\"";

    /// <summary><paramref name="start"/> as a member of <paramref name="control"/>; where the kernel does not count memory, each process has the limit for itself.</summary>
    public static ProgramStart Of(ProgramStart start, ProgramGroup group, ControlGroup? control, bool limitsMemory)
    {
        var kilobytes = limitsMemory ? 0 : group.MaxMemoryBytes / 1024;
        return control is null && kilobytes == 0 ? start : start with
        {
            Program = "/bin/sh",
            Arguments = ["-c", Script, control?.MembersFile ?? "", kilobytes.ToString(CultureInfo.InvariantCulture), start.Program, .. start.Arguments],
        };
    }
}
