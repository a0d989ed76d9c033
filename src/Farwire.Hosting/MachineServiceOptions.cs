using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Hosting.Collecting;
using Farwire.Hosting.Configuration;
using Farwire.Processes;
using Farwire.Providers.Hardware.Bmc;
using Farwire.Security.Accounts;
using Farwire.Service.Configuration;
using Microsoft.Extensions.Logging;
using Farwire.Security.Certificates;
using Farwire.Service.Access;
using Farwire.Service.Roles;

namespace Farwire.Hosting;

/// <summary>What the service of a machine is made of.</summary>
public sealed record MachineServiceOptions
{
    /// <summary>Where it listens beside the listeners of its configuration.</summary>
    public IReadOnlyList<Listener> Listeners { get; init; } = [];

    /// <summary>Its settings and listeners.</summary>
    public required LiveConfiguration Configuration { get; init; }

    /// <summary>Where the certificates of configured listeners lie.</summary>
    public string CertificateFolder { get; init; } = ConfigurationFiles.Default.CertificateFolder;

    /// <summary>The Unix socket for callers of this machine, whom the kernel names; null has none.</summary>
    public string? LocalSocket { get; init; }

    /// <summary>Where logs go; nowhere when null.</summary>
    public ILoggerFactory? Logs { get; init; }

    /// <summary>Farwire's own users.</summary>
    public required UserStore Users { get; init; }

    /// <summary>The key under which their NT hashes are sealed; without one nobody authenticates by NTLM.</summary>
    public SecretKey? Key { get; init; }

    /// <summary>The keys of Kerberos; null is the system's keytab (KRB5_KTNAME). Without one Kerberos is not offered.</summary>
    public string? Keytab { get; init; }

    /// <summary>The users of the system, by their passwords; null serves Farwire's own alone.</summary>
    public IPasswordAuthority? Passwords { get; init; }

    /// <summary>Classes that this machine's administrator adds: MOF whose qualifier Provider names a program. It need not exist.</summary>
    public string ClassFolder { get; init; } = Environment.GetEnvironmentVariable("FARWIRE_CLASSES") ?? "/etc/farwire/mof.d";

    /// <summary>Linux_Command runs lines of the shell for whoever may open shells; FARWIRE_COMMANDS=1.</summary>
    public bool AllowsCommands { get; init; } = Environment.GetEnvironmentVariable("FARWIRE_COMMANDS") == "1";

    /// <summary>Configurations of PowerShell, <c>NAME.pssc</c> each, that can be entered by their name (JEA). It need not exist.</summary>
    public string PowerShellFolder { get; init; } = Environment.GetEnvironmentVariable("FARWIRE_POWERSHELL") ?? "/etc/farwire/powershell";

    /// <summary>Starts the programs of shells; null runs all as the account of this process.</summary>
    public IProgramStarter? Starter { get; init; }

    /// <summary>The words that start the process of a plug-in: a program that runs <c>PluginProgram</c>. Without them no plug-ins are served.</summary>
    public IReadOnlyList<string> PluginProgram { get; init; } = [];

    /// <summary>The accounts that Kerberos principals may be; null takes whatever the system maps them to.</summary>
    public Func<string, bool>? MayBeAccount { get; init; }

    /// <summary>
    /// Who may do what. With a <see cref="AccessPolicy.Domain"/> its members are known by their tickets, also those without an account here; these may do
    /// what descriptors grant their groups, and run nothing.
    /// </summary>
    public AccessPolicy Access { get; init; } = AccessPolicy.Default;

    /// <summary>Which client certificates are which user, beside what the configuration says (certmapping).</summary>
    public IReadOnlyList<CertificateMapping> CertificateMappings { get; init; } = [];

    /// <summary>Who may have signed client certificates; null is whom <see cref="AuthorityFolder"/> says.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>A folder of PEM files, of those who may have signed client certificates; without it whom the system trusts.</summary>
    public string? AuthorityFolder { get; init; }

    /// <summary>
    /// The service stands in for a management controller: it has the hardware classes alone, and offers Digest and Basic, as controllers do.
    /// </summary>
    public bool IsBmcEndpoint { get; init; }

    /// <summary>The event collector that is part of this process; null collects nothing here.</summary>
    public CollectorFile? Collector { get; init; }

    /// <summary>Parts of the service that are processes of their own.</summary>
    public IReadOnlyList<RemoteRole> Roles { get; init; } = [];

    /// <summary>The management controllers to serve; null serves this machine's own, when the kernel has its device.</summary>
    public HardwareOptions? Hardware { get; init; }
}
