using Farwire.Protocol.Names;

namespace Farwire.Protocol.Shell;

/// <summary>The words of the remote shell protocol.</summary>
/// <remarks>MS-WSMV, "Remote Shells".</remarks>
public static class ShellNames
{
    /// <summary>The selector that names a shell.</summary>
    public const string ShellId = "ShellId";

    /// <summary>Output continues.</summary>
    public const string Running = Namespaces.Shell + "/CommandState/Running";

    /// <summary>The command has ended and all its output is told.</summary>
    public const string Done = Namespaces.Shell + "/CommandState/Done";

    /// <summary>The command is being ended.</summary>
    public const string Pending = Namespaces.Shell + "/CommandState/Pending";

    /// <summary>Ends the command and frees it; also the client's word that it has all output.</summary>
    public const string Terminate = Namespaces.Shell + "/signal/terminate";

    /// <summary>Ctrl-C.</summary>
    public const string CtrlC = Namespaces.Shell + "/signal/ctrl_c";

    /// <summary>Ctrl-Break.</summary>
    public const string CtrlBreak = Namespaces.Shell + "/signal/ctrl_break";

    // The misspelling is the wire value; PowerShell sends and expects it.

    /// <summary>Stops a PowerShell pipeline.</summary>
    public const string StopPipeline = "powershell/signal/crtl_c";

    /// <summary>The option that leaves the user's profile unread.</summary>
    public const string NoProfile = "WINRS_NOPROFILE";

    /// <summary>The option that names the code page of the streams.</summary>
    public const string CodePage = "WINRS_CODEPAGE";

    /// <summary>The command option that says stdin is a console.</summary>
    public const string ConsoleModeStdin = "WINRS_CONSOLEMODE_STDIN";

    /// <summary>The command option that starts the program without a shell.</summary>
    public const string SkipCmdShell = "WINRS_SKIP_CMD_SHELL";

    /// <summary>The Receive option that makes the poll count as activity.</summary>
    public const string KeepAlive = "WSMAN_CMDSHELL_OPTION_KEEPALIVE";
}
