namespace Farwire.Client.Shells;

/// <summary>What a command can be told while it runs.</summary>
/// <remarks>MS-WSMV, "Signal".</remarks>
public enum ShellSignal
{
    /// <summary>The end, for the command and all it started.</summary>
    Terminate,

    /// <summary>Ctrl-C.</summary>
    CtrlC,

    /// <summary>Ctrl-Break.</summary>
    CtrlBreak,
}
