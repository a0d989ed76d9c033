using Farwire.Plugins;
using Farwire.Service.Access;

namespace Farwire.Service.Plugins;

/// <summary>The registration of a plug-in. Immutable.</summary>
/// <param name="Name">Its name among all.</param>
/// <param name="Filename">Its assembly; variables in it are those of whoever it runs as.</param>
/// <remarks>MS-WSMV, "PluginType".</remarks>
public sealed record PluginConfiguration(string Name, string Filename)
{
    /// <summary>SDKVersion: 1 or 2. The .NET interface is the same for both.</summary>
    public int SdkVersion { get; init; } = 1;

    /// <summary>How XML is handed to it (XmlRenderingType).</summary>
    public XmlRendering XmlRendering { get; init; }

    /// <summary>Architecture: 32 or 64, or null. A .NET assembly serves both.</summary>
    public int? Architecture { get; init; }

    /// <summary>False keeps the registration without effect.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>All shells of an account are in one process; otherwise each has its own.</summary>
    public bool UseSharedProcess { get; init; }

    /// <summary>A process that nobody used for so long ends; zero keeps it.</summary>
    public TimeSpan ProcessIdleTimeout { get; init; }

    /// <summary>The account it runs as for everybody; null runs it as each caller's.</summary>
    public string? RunAsUser { get; init; }

    /// <summary>The password of <see cref="RunAsUser"/>, sealed. It is kept for other systems: here the broker needs none.</summary>
    public string? RunAsPassword { get; init; }

    /// <summary>Runs as the service's own account, without anybody's rights.</summary>
    public bool RunAsVirtualAccount { get; init; }

    /// <summary>Groups of the virtual account, kept for other systems.</summary>
    public string? RunAsVirtualAccountGroups { get; init; }

    /// <summary>Its process starts with the service, and again when it ends unasked.</summary>
    public bool AutoRestart { get; init; }

    /// <summary>What happens to output of shells that nobody fetches.</summary>
    public OutputBuffering OutputBuffering { get; init; }

    /// <summary>What its startup is given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>What it serves; at least one.</summary>
    public IReadOnlyList<PluginResourceEntry> Resources { get; init; } = [];

    /// <summary>Its limits.</summary>
    public PluginQuotas Quotas { get; init; } = new();

    /// <summary>The account that it runs as for a caller with <paramref name="account"/>.</summary>
    public string AccountFor(string account) => RunAsUser ?? (RunAsVirtualAccount ? Environment.UserName : account);
}

/// <summary>What happens to output that has no room (OutputBufferingMode).</summary>
public enum OutputBuffering
{
    /// <summary>The plug-in waits.</summary>
    Block,

    /// <summary>The oldest goes.</summary>
    Drop,

    /// <summary>The registration says nothing: a client that leaves the shell may choose; until then the plug-in waits.</summary>
    None,
}

/// <summary>A resource of a plug-in.</summary>
/// <param name="Uri">Its URI, or what its URIs begin with.</param>
/// <param name="IsExact">The whole URI.</param>
/// <param name="SupportsOptions">Options may be sent to it.</param>
/// <param name="Capabilities">What can be done there.</param>
/// <param name="Security">Who may do it; empty leaves it to RootSDDL.</param>
public sealed record PluginResourceEntry(
    string Uri, bool IsExact, bool SupportsOptions, IReadOnlyList<PluginCapability> Capabilities, IReadOnlyList<AccessRule> Security)
{
    /// <summary>Its shells are opened there.</summary>
    public bool IsShell => Capabilities[0].Type == CapabilityType.Shell;

    /// <summary>The capability of a type, or null.</summary>
    public PluginCapability? Find(CapabilityType type) => Capabilities.FirstOrDefault(capability => capability.Type == type);

    /// <summary>True when it is about <paramref name="resourceUri"/>.</summary>
    public bool Covers(string resourceUri) =>
        resourceUri.StartsWith(Uri, StringComparison.OrdinalIgnoreCase)
        && (resourceUri.Length == Uri.Length || (!IsExact && (Uri.EndsWith('/') || resourceUri[Uri.Length] is '/' or '?')));
}

/// <summary>One thing that can be done at a resource.</summary>
/// <param name="Type">What.</param>
/// <param name="SupportsFragment">Parts of a representation too.</param>
/// <param name="SupportsFiltering">With a filter too.</param>
public sealed record PluginCapability(CapabilityType Type, bool SupportsFragment, bool SupportsFiltering);

/// <summary>What can be done at a plug-in's resource.</summary>
public enum CapabilityType
{
    /// <summary>Read one.</summary>
    Get,

    /// <summary>Change one.</summary>
    Put,

    /// <summary>Make one.</summary>
    Create,

    /// <summary>Remove one.</summary>
    Delete,

    /// <summary>Run a method.</summary>
    Invoke,

    /// <summary>List.</summary>
    Enumerate,

    /// <summary>Tell of events.</summary>
    Subscribe,

    /// <summary>Open shells.</summary>
    Shell,
}

/// <summary>The limits of a plug-in; the largest number is no limit.</summary>
/// <remarks>MS-WSMV, "QuotasType"; the defaults are those of Windows Server 2012 and later.</remarks>
public sealed record PluginQuotas
{
    /// <summary>The idle time of a registration that says none: then the host may have its own.</summary>
    public const int UsualIdleTimeoutms = 7_200_000;

    /// <summary>Users with operations or shells at once.</summary>
    public int MaxConcurrentUsers { get; init; } = int.MaxValue;

    /// <summary>Operations of one user at once.</summary>
    public int MaxConcurrentOperationsPerUser { get; init; } = int.MaxValue;

    /// <summary>Operations at once.</summary>
    public int MaxConcurrentOperations { get; init; } = int.MaxValue;

    /// <summary>Shells at once.</summary>
    public int MaxShells { get; init; } = int.MaxValue;

    /// <summary>Shells of one user at once.</summary>
    public int MaxShellsPerUser { get; init; } = int.MaxValue;

    /// <summary>Commands of one shell at once.</summary>
    public int MaxConcurrentCommandsPerShell { get; init; } = int.MaxValue;

    /// <summary>Memory of one shell.</summary>
    public int MaxMemoryPerShellMB { get; init; } = int.MaxValue;

    /// <summary>Processes of one shell.</summary>
    public int MaxProcessesPerShell { get; init; } = int.MaxValue;

    /// <summary>How long a shell lives without a request when the client does not say.</summary>
    public int IdleTimeoutms { get; init; } = UsualIdleTimeoutms;

    /// <summary>The longest that a client may ask for.</summary>
    public int MaxIdleTimeoutms { get; init; } = int.MaxValue;
}
