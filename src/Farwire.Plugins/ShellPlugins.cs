namespace Farwire.Plugins;

/// <summary>A plug-in that is a kind of shell: capability Shell, which excludes all others.</summary>
/// <remarks>WinRM plug-in API, "WSManPluginShell". Lists of shells, idle times and limits are the service's affair.</remarks>
public interface IShellPlugin : IPlugin
{
    /// <summary>Opens a shell. The token ends with the request; <see cref="IAsyncDisposable.DisposeAsync"/> of the answer ends the shell.</summary>
    ValueTask<IPluginShell> OpenAsync(PluginShellRequest request, CancellationToken cancellationToken);
}

/// <summary>What a client wants of a new shell.</summary>
/// <param name="Request">Who asks.</param>
/// <param name="ShellId">Its id.</param>
/// <remarks>WinRM plug-in API, "WSMAN_SHELL_STARTUP_INFO".</remarks>
public sealed record PluginShellRequest(PluginRequest Request, string ShellId)
{
    /// <summary>Environment variables, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Where commands start, or null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Streams from client to shell.</summary>
    public IReadOnlyList<string> InputStreams { get; init; } = [];

    /// <summary>Streams from shell to client.</summary>
    public IReadOnlyList<string> OutputStreams { get; init; } = [];

    /// <summary>Creation data as one XML element, or null.</summary>
    public string? CreationXml { get; init; }
}

/// <summary>An open shell. Disposing it is WSManPluginReleaseShellContext.</summary>
public interface IPluginShell : IAsyncDisposable
{
    /// <summary>
    /// Runs a command and answers its exit code. The token ends when the client ends the command or the shell: what runs in it ends with it.
    /// </summary>
    Task<int> RunAsync(PluginCommand command, CancellationToken cancellationToken);

    /// <summary>Another session of the same user takes the shell over; the XML that it brings, and the answer, are the plug-in's own.</summary>
    ValueTask<string?> ConnectAsync(string? connectXml, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
}
