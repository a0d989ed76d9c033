namespace Farwire.Shells;

/// <summary>The limits of remote shells.</summary>
/// <remarks>MS-WSMV, "winrs" configuration; the defaults are those of Windows Server 2012.</remarks>
public sealed record ShellOptions
{
    /// <summary>False refuses every new shell (AllowRemoteShellAccess).</summary>
    public bool AllowRemoteShellAccess { get; init; } = true;

    /// <summary>How long a shell lives without a request when the client does not say (IdleTimeout = 7200000).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMilliseconds(7_200_000);

    /// <summary>The shortest idle time a client may ask for.</summary>
    public TimeSpan MinIdleTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest idle time; a longer wish is cut to it (MaxIdleTimeoutms).</summary>
    public TimeSpan MaxIdleTimeout { get; init; } = TimeSpan.FromDays(24);

    /// <summary>Users who may have shells at the same time (MaxConcurrentUsers).</summary>
    public int MaxConcurrentUsers { get; init; } = 10;

    /// <summary>Shells one user may have (MaxShellsPerUser); 0 is no limit.</summary>
    public int MaxShellsPerUser { get; init; } = 30;

    /// <summary>Commands one shell may have that still run or whose output is not fetched (MaxConcurrentCommandsPerShell); 0 is no limit.</summary>
    public int MaxCommandsPerShell { get; init; } = 25;

    /// <summary>Processes that the commands of one shell may have together, with all they start (MaxProcessesPerShell); 0 is no limit.</summary>
    public int MaxProcessesPerShell { get; init; }

    /// <summary>Memory that the commands of one shell may have together (MaxMemoryPerShellMB); 0 is no limit.</summary>
    public long MaxMemoryPerShellBytes { get; init; }

    /// <summary>Shells beside the command shell (winrs/customremoteshell).</summary>
    public IReadOnlyList<CustomShell> CustomShells { get; init; } = [];

    /// <summary>PowerShell: a path, or a name that is looked up in PATH.</summary>
    public string PowerShell { get; init; } = "pwsh";

    /// <summary>The configurations of PowerShell that can be entered, by name, each with its file (.pssc); empty is PowerShell as it is.</summary>
    public IReadOnlyDictionary<string, string> PowerShellConfigurations { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Microsoft.PowerShell"] = "", ["PowerShell.7"] = "" };

    /// <summary>More configurations: each file <c>NAME.pssc</c> in it is one, as soon as it is there; null has none.</summary>
    public string? PowerShellFolder { get; init; }

    /// <summary>Output of one command that waits for its client; beyond it the command is held by its pipes.</summary>
    public int MaxPendingOutputBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// After this time without a request another session of the same user may take a shell over, as if its client had left it properly: longer
    /// than a client tries to mend a broken connection.
    /// </summary>
    public TimeSpan AutomaticDisconnect { get; init; } = TimeSpan.FromSeconds(195);

    /// <summary>How long after a command's end its streams may stay open without a byte, in the hands of what it left running.</summary>
    public TimeSpan StreamsAfterExit { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The file of a configuration of PowerShell, empty for PowerShell as it is; null when there is no such configuration.</summary>
    internal string? PowerShellConfiguration(string name) => PowerShellConfigurations.TryGetValue(name, out var file) ? file
        : ConfigurationFiles().FirstOrDefault(f => Path.GetFileNameWithoutExtension(f).Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names of all configurations of PowerShell.</summary>
    internal IEnumerable<string> PowerShellNames() =>
        PowerShellConfigurations.Keys.Concat(ConfigurationFiles().Select(f => Path.GetFileNameWithoutExtension(f))).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The custom shell of a URI, or null.</summary>
    internal CustomShell? CustomShell(string uri) => CustomShells.FirstOrDefault(shell => shell.Uri.Equals(uri, StringComparison.OrdinalIgnoreCase));

    private string[] ConfigurationFiles() => PowerShellFolder is { } folder && Directory.Exists(folder) ? Directory.GetFiles(folder, "*.pssc") : [];
}
