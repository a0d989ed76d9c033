namespace Farwire.CommandLine.Exit;

/// <summary>The exit codes of the modern verbs.</summary>
/// <remarks>From 64 on they are those of BSD's <c>sysexits.h</c>; 124 is that of <c>timeout</c>, 130 what shells say of Ctrl-C.</remarks>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Of many hosts some failed; or a reading is as bad as <c>--alarm</c> says.</summary>
    public const int SomeFailed = 1;

    /// <summary>Of many hosts none worked.</summary>
    public const int NoneWorked = 2;

    public const int Usage = 64;
    public const int Data = 65;
    public const int Unreachable = 69;
    public const int Fault = 70;
    public const int Authentication = 77;
    public const int Configuration = 78;
    public const int Deadline = 124;
    public const int Interrupted = 130;
}
