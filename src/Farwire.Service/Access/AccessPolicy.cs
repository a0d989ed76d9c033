using System.Runtime.CompilerServices;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Access;

/// <summary>Who may do what at which resource. Immutable: a change swaps the whole.</summary>
/// <remarks>MS-WSMV, "RootSDDL" and "Security". Shells and methods need execute, reading needs read, changing needs write.</remarks>
public sealed class AccessPolicy
{
    /// <summary>The descriptor of Windows: administrators may do all, remote management users may run, local people may read.</summary>
    public const string DefaultRootSddl = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)(A;;GX;;;RM)" + Auditing;

    private const string DmtfCim = "http://schemas.dmtf.org/wbem/wscim/1";
    private const string ManagementSddl = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)" + Auditing;
    private const string Auditing = "S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)";

    private readonly ConditionalWeakTable<Caller, CallerToken> _tokens = [];
    private readonly IReadOnlyList<AccessRule> _rules = Sorted(DefaultRules);
    private readonly IReadOnlyList<AccessRule>? _ownRules;

    /// <summary>
    /// The rules that hold unless replaced: CIM is open to remote management users, whom the security of the namespaces limits further, and the
    /// configuration to administrators alone, though the root grants local people to read.
    /// </summary>
    public static IReadOnlyList<AccessRule> DefaultRules { get; } =
    [
        Rule(ResourceUris.Wmi, ManagementSddl),
        Rule(DmtfCim, ManagementSddl),
        Rule("http://schemas.dmtf.org/wbem/cim-xml/2", ManagementSddl),
        // Each subscription says by itself which sources it is for.
        Rule(ResourceUris.SubscriptionManager, "O:NSG:BAD:P(A;;GR;;;AU)" + Auditing),
        // Each channel says by itself who may read it.
        Rule(ResourceUris.EventLog, "O:NSG:BAD:P(A;;GR;;;AU)" + Auditing),
        Rule("urn:farwire:source/Channel", "O:NSG:BAD:P(A;;GR;;;AU)" + Auditing),
        Rule(ResourceUris.Config, "O:NSG:BAD:P(A;;GA;;;BA)" + Auditing),
    ];

    /// <summary>The policy of a service that nobody configured.</summary>
    public static AccessPolicy Default { get; } = new();

    /// <summary>Whoever has proved an identity may do everything: for a host that has decided elsewhere whom it lets in.</summary>
    public static AccessPolicy Authenticated { get; } = new() { Root = SecurityDescriptor.Parse("O:NSG:BAD:P(A;;GA;;;AU)"), Rules = [] };

    /// <summary>The descriptor of whatever has no rule of its own (RootSDDL).</summary>
    public SecurityDescriptor Root { get; init; } = SecurityDescriptor.Parse(DefaultRootSddl);

    /// <summary>The rules of single URIs and of families; the one that says most about a URI decides.</summary>
    public IReadOnlyList<AccessRule> Rules
    {
        get => _rules;
        init => _rules = Sorted(value);
    }

    // The rules without those of the configuration.
    private IReadOnlyList<AccessRule> OwnRules
    {
        get => _ownRules ?? _rules;
        init => _ownRules = value;
    }

    /// <summary>Rules that the configuration adds; they stand in the place of those of <see cref="Rules"/> that are about the same URIs.</summary>
    public IReadOnlyList<AccessRule> ConfiguredRules { get; private init; } = [];

    /// <summary>What the groups of Windows are on this machine.</summary>
    public IReadOnlyList<WellKnownGroup> Groups { get; init; } = WellKnownGroup.Defaults;

    /// <summary>What may be done in which CIM namespace, once the URI is open to the caller.</summary>
    public NamespaceSecurity NamespaceSecurity { get; init; } = NamespaceSecurity.None;

    /// <summary>The identifier of the domain that the machine belongs to; without one, a domain's groups mean nobody.</summary>
    public Sid? Domain { get; init; }

    /// <summary>
    /// Over the network, a local account that is an administrator by membership alone is a normal user (LocalAccountTokenFilterPolicy = 0).
    /// </summary>
    public bool FilterLocalAccounts { get; init; }

    /// <summary>URIs, or their beginnings, of shells beside the service's own.</summary>
    public IReadOnlyList<string> ShellUris { get; init; } = [];

    /// <summary>This policy with the rules and shells of plug-ins beside its own; where both speak of one URI, its own decide.</summary>
    public AccessPolicy WithPlugins(IEnumerable<AccessRule> rules, IEnumerable<string> shellUris) => new()
    {
        Root = Root,
        Rules = [.. Rules, .. rules],
        ShellUris = [.. ShellUris, .. shellUris],
        Groups = Groups,
        NamespaceSecurity = NamespaceSecurity,
        Domain = Domain,
        FilterLocalAccounts = FilterLocalAccounts,
    };

    /// <summary>This policy with another root and other rules of the configuration.</summary>
    public AccessPolicy With(SecurityDescriptor root, IReadOnlyList<AccessRule> configured) => new()
    {
        Root = root,
        OwnRules = OwnRules,
        ShellUris = ShellUris,
        ConfiguredRules = configured,
        Rules = [.. configured, .. OwnRules.Where(own => !configured.Any(other => other.IsExact == own.IsExact && other.Uri.Equals(own.Uri, StringComparison.OrdinalIgnoreCase)))], Groups = Groups, NamespaceSecurity = NamespaceSecurity, Domain = Domain, FilterLocalAccounts = FilterLocalAccounts,
    };

    /// <summary>The descriptor in force for <paramref name="resourceUri"/>.</summary>
    public SecurityDescriptor DescriptorOf(string resourceUri) => RuleOf(resourceUri)?.Descriptor ?? Root;

    /// <summary>The rule that decides about <paramref name="resourceUri"/>; null when the root does.</summary>
    public AccessRule? RuleOf(string resourceUri)
    {
        foreach (var rule in _rules)
        {
            if (rule.Covers(resourceUri))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>What <paramref name="caller"/> is under this policy; worked out once per caller.</summary>
    public CallerToken TokenOf(Caller caller) => _tokens.GetValue(caller, c => CallerToken.Of(c, this));

    /// <summary>True when <paramref name="caller"/> may do <paramref name="action"/> at <paramref name="resourceUri"/>, and whether that is to be written down.</summary>
    public (bool IsGranted, bool IsAudited) Decide(Caller caller, string action, string resourceUri)
    {
        var token = TokenOf(caller);
        var right = RightFor(action, resourceUri);
        var descriptor = DescriptorOf(resourceUri);
        var granted = descriptor.Grants(token, right, GenericMapping.Resources) && (!NeedsAccount(right, resourceUri) || MayWork(caller));
        return (granted, descriptor.Audits(token, right, GenericMapping.Resources, granted));
    }

    /// <summary>The right that an action needs.</summary>
    /// <remarks>MS-WSMV, "Processing events and sequencing rules": shells are a matter of execution, whatever is done to them.</remarks>
    private uint RightFor(string action, string resourceUri) =>
        IsShell(resourceUri) ? AccessMask.GenericExecute : action switch
        {
            Actions.Get or Actions.Enumerate or Actions.Pull or Actions.Release => AccessMask.GenericRead,
            Actions.Put or Actions.Create or Actions.Delete => AccessMask.GenericWrite,
            _ when action.StartsWith(Namespaces.Eventing + "/", StringComparison.OrdinalIgnoreCase)
                || action.StartsWith(Namespaces.Enumeration + "/", StringComparison.OrdinalIgnoreCase) => AccessMask.GenericRead,
            _ => AccessMask.GenericExecute,
        };

    internal bool IsAdministratorByName(string account) =>
        Groups.Any(g => g.Sid == Sid.Administrators && account.Length > 0 && g.Accounts.Contains(account));

    private static AccessRule Rule(string prefix, string sddl) => new(prefix, false, SecurityDescriptor.Parse(sddl));

    private static AccessRule[] Sorted(IReadOnlyList<AccessRule> rules) => [.. rules.OrderByDescending(r => r.IsExact).ThenByDescending(r => r.Uri.Length)];

    // Whatever changes this machine is done as somebody of this machine: a member of the domain without an account here is nobody.
    private static bool MayWork(Caller caller) => caller.Account.Length > 0 || !caller.Principal.HasClaim(c => c.Type == CallerClaims.Domain);

    private bool NeedsAccount(uint right, string resourceUri) =>
        IsShell(resourceUri)
        || (right != AccessMask.GenericRead
            && (resourceUri.StartsWith(ResourceUris.Wmi, StringComparison.OrdinalIgnoreCase) || resourceUri.StartsWith(DmtfCim, StringComparison.OrdinalIgnoreCase)));

    private bool IsShell(string resourceUri) =>
        resourceUri.StartsWith(Namespaces.Shell, StringComparison.OrdinalIgnoreCase)
        || resourceUri.StartsWith(Namespaces.PowerShell + "/", StringComparison.OrdinalIgnoreCase)
        || ShellUris.Any(uri => resourceUri.StartsWith(uri, StringComparison.OrdinalIgnoreCase));
}
