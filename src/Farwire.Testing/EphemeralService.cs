using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Collector;
using Farwire.Collector.Sources;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Providers;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Shells;

namespace Farwire.Testing;

/// <summary>A whole WinRM service on free loopback ports, with a user and a certificate of its own, until it is disposed.</summary>
/// <remarks>
/// It serves what this machine really has: its operating system, processes and file systems as CIM, and command shells that run as the account that
/// started it. It writes no file, unless it is given a folder for collected events. Many may run at the same time. Over HTTP clear text is allowed (AllowUnencrypted), for on loopback nobody is in
/// between.
/// </remarks>
public sealed class EphemeralService : IAsyncDisposable
{
    private const string UserName = "farwire";

    private readonly X509Certificate2 _certificate;
    private readonly Dispatcher _dispatcher;
    private readonly CommandShell _shells;
    private readonly EventCollector? _collector;
    private readonly WSManServer _server;

    private EphemeralService(
        X509Certificate2 certificate, Dispatcher dispatcher, CommandShell shells, EventCollector? collector, WSManServer server, string password)
    {
        (_certificate, _dispatcher, _shells, _collector, _server) = (certificate, dispatcher, shells, collector, server);
        (User, Password) = (UserName, password);
        CertificateSha256 = Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));
    }

    /// <summary>The address in clear text, such as <c>http://127.0.0.1:40001/wsman</c>.</summary>
    public Uri Http => _server.Addresses[0];

    /// <summary>The address over TLS, such as <c>https://127.0.0.1:40002/wsman</c>.</summary>
    public Uri Https => _server.Addresses[1];

    /// <summary>The only user; authenticates with Basic, and with NTLM by Negotiate.</summary>
    public string User { get; }

    /// <summary>The user's password, made for this run.</summary>
    public string Password { get; }

    /// <summary>SHA-256 of the certificate behind <see cref="Https"/>, in lower-case hexadecimal: what a client pins.</summary>
    public string CertificateSha256 { get; }

    /// <summary>The certificate behind <see cref="Https"/> in PEM, for clients that want a file of authorities. It is made for <c>localhost</c>, 127.0.0.1 and ::1.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Starts a service; when the task ends, it answers.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux: processes, shells and CIM data come from its kernel.</exception>
    public static Task<EphemeralService> StartAsync(CancellationToken cancellationToken = default) => StartAsync(null, cancellationToken);

    /// <summary>Starts a service that collects events as well.</summary>
    /// <param name="collectorFolder">Where subscriptions and events lie; null collects nothing.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static async Task<EphemeralService> StartAsync(string? collectorFolder, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The ephemeral service runs on Linux alone; start it in a container or in WSL, and connect to it from here.");
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var users = UserStore.InMemory();
        var key = SecretKey.Ephemeral();
        users.Put(new StoredUser(
            UserName, Environment.UserName, PasswordHash.Of(password), key.Seal(UserName, NtlmService.NtHashPurpose, NtHash.Of(password))));

        var shells = new CommandShell();
        var catalog = new ResourceCatalog().Add(CimProviders.Linux());
        shells.AddTo(catalog);
        var collector = collectorFolder is null ? null : EventCollector.Open(new CollectorOptions { Folder = collectorFolder });
        collector?.AddTo(catalog);
        var dispatcher = new Dispatcher(catalog, Identity());
        var certificate = LoopbackCertificate.Make(TimeProvider.System);
        try
        {
            var server = await WSManServer.StartAsync(
                [new Listener(new IPEndPoint(IPAddress.Loopback, 0)), new Listener(new IPEndPoint(IPAddress.Loopback, 0), certificate)],
                dispatcher,
                Schemes(users, key),
                new WSManEdgeOptions
                {
                    AllowUnencrypted = true,
                    DeliveryPaths = collector is null ? [] : EventCollector.Paths,
                    ContentCodings = [new SldcCoding()],
                },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return new EphemeralService(certificate, dispatcher, shells, collector, server, password);
        }
        catch
        {
            await dispatcher.DisposeAsync().ConfigureAwait(false);
            await shells.DisposeAsync().ConfigureAwait(false);
            if (collector is not null)
            {
                await collector.DisposeAsync().ConfigureAwait(false);
            }

            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Writes how to connect as JSON: <c>http</c>, <c>https</c>, <c>user</c>, <c>password</c>, <c>certificateSha256</c>, <c>pid</c>.</summary>
    /// <remarks>The commands take it as <c>--connect FILE</c>. The file appears whole, by renaming, and its owner alone may read it.</remarks>
    public void WriteConnection(string path) => ConnectionFile.Write(path, this);

    /// <summary>Stops listening, and ends all shells with what runs in them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        await _dispatcher.DisposeAsync().ConfigureAwait(false);
        await _shells.DisposeAsync().ConfigureAwait(false);
        if (_collector is not null)
        {
            await _collector.DisposeAsync().ConfigureAwait(false);
        }

        _certificate.Dispose();
    }

    // Every method that this machine has. Kerberos needs a keytab (KRB5_KTNAME or the system's); its principals must map to the account we run as.
    private static List<IAuthenticationScheme> Schemes(UserStore users, SecretKey key)
    {
        var guesses = new GuessLimit(TimeProvider.System);
        var ntlm = NtlmService.IsAvailable ? new NtlmService(users, key, guesses, TimeProvider.System) : null;
        var kerberos = KerberosService.TryOpen(accountOf: static (_, local) => local == Environment.UserName ? local : null);
        return [.. NegotiateScheme.For(ntlm, kerberos), new BasicScheme(users, TimeProvider.System, guesses)];
    }

    private static ServiceOptions Identity() => new()
    {
        ProductVersion = $"OS: {new HostFacts(new LinuxPaths()).KernelRelease.Split('-')[0]} SP: 0.0 Stack: 3.0",
        SecurityProfiles =
        [
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/basic",
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/basic",
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/spnego-kerberos",
            "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/spnego-kerberos",
        ],
    };
}
