using Farwire.AspNetCore;
using Farwire.Collector;
using Farwire.Collector.Sources;
using Farwire.Hosting.Accounts;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Providers;
using Farwire.Providers.Hardware.Bmc;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Security.Certificates;
using Farwire.Security.CredSsp;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Shells;

namespace Farwire.Hosting;

/// <summary>The management service of a Linux machine: its CIM data and its shells, behind listeners and every way to authenticate that it has.</summary>
public sealed class MachineService : IAsyncDisposable
{
    private readonly Dispatcher _dispatcher;
    private readonly CommandShell _shells;
    private readonly EventCollector? _collector;
    private readonly Controllers _controllers;
    private readonly WSManServer _server;

    private MachineService(Dispatcher dispatcher, CommandShell shells, EventCollector? collector, Controllers controllers, WSManServer server) =>
        (_dispatcher, _shells, _collector, _controllers, _server) = (dispatcher, shells, collector, controllers, server);

    /// <summary>Where it listens, in the order of the listeners.</summary>
    public IReadOnlyList<Uri> Addresses => _server.Addresses;

    /// <summary>Starts it; when the task ends, it answers.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux: processes, shells and CIM data come from its kernel.</exception>
    /// <exception cref="IOException">An address cannot be had.</exception>
    public static async Task<MachineService> StartAsync(MachineServiceOptions options, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The service runs on Linux alone; start it in a container or in WSL, and connect to it from here.");
        }

        var shells = new CommandShell(starter: options.Starter);
        var controllers = new Controllers(options.Hardware ?? HardwareOptions.OfThisMachine());
        var catalog = new ResourceCatalog().Add(CimProviders.Linux().AddHardware(controllers));
        shells.AddTo(catalog);
        var collector = options.CollectorFolder is { } folder ? EventCollector.Open(new CollectorOptions { Folder = folder }) : null;
        collector?.AddTo(catalog);
        var dispatcher = new Dispatcher(catalog, Identity(options));
        try
        {
            var server = await WSManServer.StartAsync(
                options.Listeners,
                dispatcher,
                Schemes(options),
                new WSManEdgeOptions
                {
                    AllowUnencrypted = options.AllowUnencrypted,
                    Accounts = new LinuxAccounts(TimeProvider.System),
                    DeliveryPaths = collector is null ? [] : EventCollector.Paths,
                    ContentCodings = [new SldcCoding()],
                },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return new MachineService(dispatcher, shells, collector, controllers, server);
        }
        catch
        {
            await EndAsync(dispatcher, shells, collector, controllers).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening, and ends all shells with what runs in them.</summary>
    public async ValueTask DisposeAsync()
    {
        // The shells first: whoever waits for the output of a command has an answer then, and the server need not wait for it. EndAsync ends those
        // that were opened until it no longer listened.
        await _shells.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        await EndAsync(_dispatcher, _shells, _collector, _controllers).ConfigureAwait(false);
    }

    private static async ValueTask EndAsync(Dispatcher dispatcher, CommandShell shells, EventCollector? collector, Controllers controllers)
    {
        await dispatcher.DisposeAsync().ConfigureAwait(false);
        await controllers.DisposeAsync().ConfigureAwait(false);
        await shells.DisposeAsync().ConfigureAwait(false);
        if (collector is not null)
        {
            await collector.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Every method that this machine has. Kerberos needs a keytab (KRB5_KTNAME or the system's).
    private static List<IAuthenticationScheme> Schemes(MachineServiceOptions options)
    {
        var guesses = new GuessLimit(TimeProvider.System);
        var ntlm = NtlmService.IsAvailable && options.Key is { } key ? new NtlmService(options.Users, key, guesses, TimeProvider.System) : null;
        var kerberos = KerberosService.TryOpen(accountOf: (_, local) => local is not null && options.MayBeAccount?.Invoke(local) != false ? local : null);
        List<IAuthenticationScheme> schemes =
            [.. NegotiateScheme.For(ntlm, kerberos), new BasicScheme(options.Users, TimeProvider.System, guesses, options.Passwords)];
        if (options.OffersCredSsp && (ntlm is not null || kerberos is not null))
        {
            schemes.Add(new CredSspScheme(ntlm, kerberos));
        }

        if (options.CertificateMappings is { } mappings)
        {
            schemes.Add(new CertificateScheme(mappings, options.Users, options.ClientAuthorities, TimeProvider.System));
        }

        return schemes;
    }

    private static ServiceOptions Identity(MachineServiceOptions options) => new()
    {
        ProductVersion = $"OS: {new HostFacts(new LinuxPaths()).KernelRelease.Split('-')[0]} SP: 0.0 Stack: 3.0",
        SecurityProfiles =
        [
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/basic",
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/basic",
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/spnego-kerberos",
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/spnego-kerberos",
            .. options.CertificateMappings is null ? Array.Empty<string>() : ["http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"],
        ],
    };
}
