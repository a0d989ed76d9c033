using Farwire.Protocol.Names;
using Farwire.Service.Access;

namespace Farwire.Service.Configuration;

/// <summary>Every setting that there is, with its place, type, default and range.</summary>
/// <remarks>MS-WSMV, "Abstract data model" and "Config"; the order is that of the elements on the wire.</remarks>
public static class ConfigurationTable
{
    private const ulong Unlimited = int.MaxValue;
    private const string ClientUri = Namespaces.Config + "/client";
    private const string Service = Namespaces.Config + "/service";
    private const string Winrs = Namespaces.Config + "/winrs";

    /// <summary>RootSDDL.</summary>
    public static Setting RootSddl { get; } = Text("RootSDDL", AccessPolicy.DefaultRootSddl, "who may do what where no resource has a rule of its own", SettingChecks.Sddl);

    /// <summary>Service/AllowUnencrypted.</summary>
    public static Setting AllowUnencrypted { get; } = Flag("AllowUnencrypted", false, "takes clear text over HTTP");

    /// <summary>Service/IPv4Filter.</summary>
    public static Setting IPv4Filter { get; } = Text("IPv4Filter", "*", "addresses that '*' listeners listen on: ranges a-b with commas, '*' for all, empty for none", SettingChecks.Filter4);

    /// <summary>Service/IPv6Filter.</summary>
    public static Setting IPv6Filter { get; } = Text("IPv6Filter", "*", "the same for IPv6", SettingChecks.Filter6);

    /// <summary>Service/EnableCompatibilityHttpListener.</summary>
    public static Setting CompatibilityHttp { get; } = Flag("EnableCompatibilityHttpListener", false, "HTTP listeners listen on port 80 too");

    /// <summary>Service/EnableCompatibilityHttpsListener.</summary>
    public static Setting CompatibilityHttps { get; } = Flag("EnableCompatibilityHttpsListener", false, "HTTPS listeners listen on port 443 too");

    /// <summary>Service/AllowRemoteAccess.</summary>
    public static Setting AllowRemoteAccess { get; } = Flag("AllowRemoteAccess", true, "false closes all listeners");

    /// <summary>Service/Auth.</summary>
    public static Section ServiceAuth { get; } = new("Auth", Service + "/auth",
    [
        Flag("Basic", false, "user and password, readable unless TLS hides them"),
        Flag("Kerberos", true, "tickets of the domain"),
        Flag("Negotiate", true, "Kerberos or NTLM"),
        Flag("Certificate", false, "client certificates"),
        Flag("CredSSP", false, "credentials handed over for a second hop"),
        new Setting("CbtHardeningLevel", SettingKind.Text, "Relaxed", "whether clients must bind to the TLS channel: None, Relaxed or Strict") { Check = SettingChecks.OneOf("None", "Relaxed", "Strict") },
    ]);

    /// <summary>Service/DefaultPorts.</summary>
    public static Section ServicePorts { get; } = DefaultPorts(Service);

    /// <summary>Client/TrustedHosts.</summary>
    public static Setting TrustedHosts { get; } = Text("TrustedHosts", "", "hosts that need not prove themselves: names with commas, '*', '<local>'", SettingChecks.TrustedHosts);

    /// <summary>Client: what the commands of this machine go by.</summary>
    public static Section Client { get; } = new("Client", ClientUri,
    [
        new Setting("NetworkDelayms", SettingKind.Number, "5000", "how long an answer may be on its way") { Minimum = 500 },
        Text("URLPrefix", "wsman", "the path of services", SettingChecks.UrlPrefix),
        Flag("AllowUnencrypted", false, "sends clear text over HTTP"),
        new Section("Auth", ClientUri + "/auth",
        [
            Flag("Basic", true, "user and password"),
            Flag("Digest", true, "a proof of the password"),
            Flag("Kerberos", true, "tickets of the domain"),
            Flag("Negotiate", true, "Kerberos or NTLM"),
            Flag("Certificate", true, "a client certificate"),
            Flag("CredSSP", false, "hands credentials over"),
        ]),
        DefaultPorts(ClientUri),
        TrustedHosts,
    ]);

    /// <summary>The tree from its root.</summary>
    public static Section Root { get; } = new("Config", Namespaces.Config,
    [
        new Setting("MaxEnvelopeSizekb", SettingKind.Number, "500", "the largest envelope, in KB") { Older = "150", Minimum = 32 },
        new Setting("MaxTimeoutms", SettingKind.Number, "60000", "default and cap of an operation's time; Pull has its own") { Minimum = 500 },
        new Setting("MaxBatchItems", SettingKind.Number, "32000", "the most items of one Pull") { Older = "20", Minimum = 1 },
        new Setting("MaxProviderRequests", SettingKind.Number, "4294967295", "has no effect any more") { Older = "25", Minimum = 1, IsReadOnly = true },
        Client,
        new Section("Service", Service,
        [
            RootSddl,
            new Setting("MaxConcurrentOperations", SettingKind.Number, "4294967295", "has no effect any more") { Older = "100", Minimum = 1, IsReadOnly = true },
            new Setting("MaxConcurrentOperationsPerUser", SettingKind.Number, "1500", "requests under way that one user may have") { Older = "15", Minimum = 1 },
            new Setting("EnumerationTimeoutms", SettingKind.Number, "240000", "how long an enumeration lives between two Pulls") { Older = "60000", Minimum = 500 },
            new Setting("MaxConnections", SettingKind.Number, "300", "requests under way at once") { Older = "25", Minimum = 1 },
            new Setting("MaxPacketRetrievalTimeSeconds", SettingKind.Number, "120", "how long a message may take to arrive") { Minimum = 1 },
            AllowUnencrypted,
            ServiceAuth,
            ServicePorts,
            IPv4Filter,
            IPv6Filter,
            CompatibilityHttp,
            CompatibilityHttps,
            Text("CertificateThumbprint", "", "the certificate of CredSSP", SettingChecks.Thumbprint),
            AllowRemoteAccess,
        ]),
        new Section("Winrs", Winrs,
        [
            Flag("AllowRemoteShellAccess", true, "false refuses every new shell"),
            new Setting("IdleTimeout", SettingKind.Number, "7200000", "how long a shell lives without a request, in ms") { Older = "180000", Minimum = 1000, Maximum = Unlimited },
            new Setting("MaxConcurrentUsers", SettingKind.Number, "2147483647", "users who may have shells at the same time") { Older = "10", Minimum = 1, Maximum = Unlimited },
            new Setting("MaxShellRunTime", SettingKind.Number, "2147483647", "has no effect any more") { Older = "28800000", Maximum = Unlimited, IsReadOnly = true },
            new Setting("MaxProcessesPerShell", SettingKind.Number, "2147483647", "processes of all commands of a shell; 0 is no limit") { Older = "25", Maximum = Unlimited },
            new Setting("MaxMemoryPerShellMB", SettingKind.Number, "2147483647", "memory of all programs of a shell; 0 is no limit") { Older = "1024", Maximum = Unlimited },
            new Setting("MaxShellsPerUser", SettingKind.Number, "2147483647", "shells one user may have; 0 is no limit") { Older = "30", Maximum = Unlimited },
        ]),
    ]);

    /// <summary>The listeners.</summary>
    public static EntryTable Listeners { get; } = new("Listener", Namespaces.Config + "/listener",
        [
            Text("Address", "*", "'*', IP:address or MAC:aa-bb-cc-dd-ee-ff", SettingChecks.ListenerAddress),
            Text("Transport", "HTTP", "HTTP or HTTPS", SettingChecks.OneOf("HTTP", "HTTPS")),
        ],
        [
            // Empty means the default port of the transport; what is kept is what was said.
            new Setting("Port", SettingKind.Number, "", "the port; the transport's default when left out") { Minimum = 1, Maximum = ushort.MaxValue },
            Text("Hostname", "", "the name that the certificate is for", SettingChecks.HostName),
            Flag("Enabled", true, "false closes the port and keeps the entry"),
            Text("URLPrefix", "wsman", "the path", SettingChecks.UrlPrefix),
            Text("CertificateThumbprint", "", "the certificate of HTTPS; chosen by host name when left out", SettingChecks.Thumbprint),

            // Ours. Which file of the machine the service opens is no matter of the wire.
            new Setting("Keytab", SettingKind.Text, "", "the file with the keys of Kerberos; the service's when left out") { Check = SettingChecks.File, IsOfFiles = true },
        ]);

    /// <summary>Which client certificate is which user.</summary>
    public static EntryTable CertificateMappings { get; } = new("CertMapping", Service + "/certmapping",
        [
            Text("URI", "", "the resource URIs that it is for; may end in '*'", SettingChecks.PrefixUri),
            Text("Subject", "", "the name in the certificate; '*' may stand once, first or last", SettingChecks.Subject),
            Text("Issuer", "", "the thumbprint of the authority that signed it", SettingChecks.RequiredThumbprint),
        ],
        [
            Text("UserName", "", "the user", SettingChecks.Required),
            new Setting("Password", SettingKind.Text, "", "the user's password") { IsSecret = true },
            Flag("Enabled", true, "false keeps the entry without effect"),
        ]);

    /// <summary>Programs that are shells.</summary>
    public static EntryTable CustomShells { get; } = new("CustomRemoteShell", Winrs + "/customremoteshell",
        [Text("URI", "", "the resource URI of the shell", SettingChecks.ShellUri)],
        [
            Text("Shell", "", "the program; may name variables as ${NAME} or %NAME%", SettingChecks.Required),
            Text("Arguments", "", "its arguments"),
        ]);

    /// <summary>Who may do what at single resources.</summary>
    public static EntryTable Security { get; } = new("Security", Namespaces.Config + "/security",
        [Text("URI", "", "the resource URI, or what those of several begin with", SettingChecks.ShellUri)],
        [
            Text("Sddl", "", "who may do what there", SettingChecks.Sddl),
            Flag("ExactMatch", false, "true is for this URI alone"),
        ]);

    /// <summary>All tables.</summary>
    public static IReadOnlyList<EntryTable> Tables { get; } = [Listeners, CertificateMappings, CustomShells, Security];

    /// <summary>The setting at a path such as <c>Service/Auth/Basic</c>, whose case does not count; null when there is none.</summary>
    public static Setting? Find(string path)
    {
        SectionMember? at = Root;
        foreach (var name in path.Split('/'))
        {
            at = (at as Section)?.Members.FirstOrDefault(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        return at as Setting;
    }

    private static Setting Flag(string name, bool value, string help) => new(name, SettingKind.Flag, value ? "true" : "false", help);

    private static Setting Text(string name, string value, string help, Func<string, string?>? check = null) => new(name, SettingKind.Text, value, help) { Check = check };

    private static Section DefaultPorts(string uri) => new("DefaultPorts", uri + "/defaultports",
    [
        new Setting("HTTP", SettingKind.Number, "5985", "the port of HTTP") { Minimum = 1, Maximum = ushort.MaxValue },
        new Setting("HTTPS", SettingKind.Number, "5986", "the port of HTTPS") { Minimum = 1, Maximum = ushort.MaxValue },
    ]);
}
