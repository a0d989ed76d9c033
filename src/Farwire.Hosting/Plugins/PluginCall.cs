namespace Farwire.Hosting.Plugins;

/// <summary>What the service asks of a plug-in's process, and the process of the service.</summary>
internal enum PluginCall : byte
{
    /// <summary>Loads and starts the plug-in.</summary>
    Start = 1,

    /// <summary>Reads an instance.</summary>
    Get,

    /// <summary>Changes one.</summary>
    Put,

    /// <summary>Makes one.</summary>
    Create,

    /// <summary>Removes one.</summary>
    Delete,

    /// <summary>Runs a method.</summary>
    Invoke,

    /// <summary>Opens a list; the answer is its number.</summary>
    Enumerate,

    /// <summary>Opens a stream of events; the answer is its number.</summary>
    Subscribe,

    /// <summary>Takes the next items of a list.</summary>
    Next,

    /// <summary>Closes a list.</summary>
    Close,

    /// <summary>Opens a shell; the answer is its number.</summary>
    OpenShell,

    /// <summary>Hands a shell to another session.</summary>
    ConnectShell,

    /// <summary>Ends a shell.</summary>
    CloseShell,

    /// <summary>Runs a command; the answer is its exit code, and comes when it ends.</summary>
    Run,

    /// <summary>Input of a command.</summary>
    Input,

    /// <summary>A signal for a command.</summary>
    Signal,

    /// <summary>Output of a command: the process asks, the service answers when it has room.</summary>
    Output,

    /// <summary>Stops the plug-in.</summary>
    Shutdown,
}
