namespace Farwire.Client.PowerShell;

/// <summary>What a new runspace pool shall be.</summary>
/// <remarks>MS-PSRP, "INIT_RUNSPACEPOOL Message".</remarks>
public sealed record RunspacePoolSettings
{
    /// <summary>The session configuration, or endpoint: a constrained one (JEA) has a name of its own.</summary>
    public string ConfigurationName { get; init; } = "Microsoft.PowerShell";

    /// <summary>The pool's id; null makes a new one.</summary>
    public Guid? Id { get; init; }

    /// <summary>The protocol's version that is offered: 2.1 to 2.3. The service takes it or a lower one.</summary>
    public Version ProtocolVersion { get; init; } = new(2, 3);

    /// <summary>Runspaces that always stand ready.</summary>
    public int MinRunspaces { get; init; } = 1;

    /// <summary>Runspaces at most: so many pipelines run at once, others wait there.</summary>
    public int MaxRunspaces { get; init; } = 1;

    /// <summary>Starts without the user's profile (WINRS_NOPROFILE).</summary>
    public bool NoProfile { get; init; }

    /// <summary>Answers what scripts ask; null tells them that nobody is there.</summary>
    public IPowerShellHost? Host { get; init; }

    /// <summary>The largest object that is taken, in the form of the wire.</summary>
    public int MaxReceivedObjectBytes { get; init; } = Fragments.FragmentAssembler.DefaultMaxBytes;

    /// <summary>The lowest version that is spoken.</summary>
    internal static Version LowestVersion { get; } = new(2, 1);
}
