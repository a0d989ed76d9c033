using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Hosting;
using Farwire.Hosting.Accounts;
using Farwire.Hosting.Collecting;
using Farwire.Processes.Broker;
using Farwire.Providers.Hardware.Bmc;
using Farwire.Security.Accounts;
using Farwire.Security.Certificates;
using Farwire.Security.Digest;
using Farwire.Security.Ntlm;
using Farwire.Service.Configuration;

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
    private readonly X509Certificate2 _clientCertificate;
    private readonly MachineService _service;

    private EphemeralService(X509Certificate2 certificate, X509Certificate2 clientCertificate, MachineService service, string password)
    {
        (_certificate, _clientCertificate, _service) = (certificate, clientCertificate, service);
        (User, Password) = (UserName, password);
        CertificateSha256 = Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));
    }

    /// <summary>The address in clear text, such as <c>http://127.0.0.1:40001/wsman</c>.</summary>
    public Uri Http => _service.Addresses[0];

    /// <summary>The address over TLS, such as <c>https://127.0.0.1:40002/wsman</c>.</summary>
    public Uri Https => _service.Addresses[1];

    /// <summary>The page on collected events, such as <c>http://127.0.0.1:40003/</c>; null when there is none.</summary>
    public Uri? Page => _service.Page;

    /// <summary>The only user; authenticates with Basic, Negotiate and CredSSP.</summary>
    public string User { get; }

    /// <summary>The user's password, made for this run.</summary>
    public string Password { get; }

    /// <summary>SHA-256 of the certificate behind <see cref="Https"/>, in lower-case hexadecimal: what a client pins.</summary>
    public string CertificateSha256 { get; }

    /// <summary>The certificate behind <see cref="Https"/> in PEM, for clients that want a file of authorities. It is made for <c>localhost</c>, 127.0.0.1 and ::1.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>A client certificate that is the user, with its key in PEM: it proves the user without a password, over TLS.</summary>
    public string ClientCertificatePem =>
        _clientCertificate.ExportCertificatePem() + "\n" + _clientCertificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Starts a service; when the task ends, it answers.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux: processes, shells and CIM data come from its kernel.</exception>
    public static Task<EphemeralService> StartAsync(CancellationToken cancellationToken = default) => StartAsync(null, cancellationToken);

    /// <summary>Starts a service that collects events as well.</summary>
    /// <param name="collectorFolder">Where subscriptions and events lie; null collects nothing.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static Task<EphemeralService> StartAsync(string? collectorFolder, CancellationToken cancellationToken = default) => StartAsync(collectorFolder, broker: null, hardware: null, isBmcEndpoint: false, cancellationToken: cancellationToken);

    // On loopback nobody is in between; shells are few, so that a test that forgets to close them is told.
    private static ConfigurationLayer Settings { get; } = ConfigurationLayer.Empty
        .With("Service/AllowUnencrypted", "true")
        .With("Service/Auth/Basic", "true")
        .With("Service/Auth/Certificate", "true")
        .With("Service/Auth/CredSSP", "true")
        .With("Service/MaxConnections", "10000")
        .With("Winrs/MaxConcurrentUsers", "10")
        .With("Winrs/MaxProcessesPerShell", "25")
        .With("Winrs/MaxShellsPerUser", "30");

    /// <summary>Starts a service with a broker behind it: it serves the users of the system too, each as its own account.</summary>
    internal static async Task<EphemeralService> StartAsync(
        string? collectorFolder, BrokerClient? broker, HardwareOptions? hardware, bool isBmcEndpoint, bool hasPage = false, CancellationToken cancellationToken = default)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var users = UserStore.InMemory();
        var key = SecretKey.Ephemeral();
        users.Put(new StoredUser(UserName, Environment.UserName, PasswordHash.Of(password))
        {
            NtHash = isBmcEndpoint ? null : key.Seal(UserName, NtlmService.NtHashPurpose, NtHash.Of(password)),
            DigestSecret = isBmcEndpoint ? DigestSecret.Seal(key, UserName, password) : null,
        });
        var certificate = LoopbackCertificate.Make(TimeProvider.System);
        var clientCertificate = LoopbackCertificate.MakeForClient(UserName, TimeProvider.System);
        var mapping = new CertificateMapping(clientCertificate.Thumbprint, "*", "*", UserName);
        try
        {
            var service = await MachineService.StartAsync(
                new MachineServiceOptions
                {
                    Listeners = [new Listener(new IPEndPoint(IPAddress.Loopback, 0)), new Listener(new IPEndPoint(IPAddress.Loopback, 0), certificate)],
                    Configuration = new LiveConfiguration(new ServiceConfiguration(Settings, ConfigurationLayer.Empty, ConfigurationLayer.Empty)),
                    Users = users,
                    Key = key,
                    Passwords = broker is null ? null : new SystemPasswords(broker),
                    Starter = broker is null ? null : new BrokerStarter(broker),
                    MayBeAccount = broker is null ? static account => account == Environment.UserName : null,
                    CertificateMappings = [mapping],
                    ClientAuthorities = [clientCertificate],
                    Collector = collectorFolder is null ? null : CollectorFile.In(collectorFolder) with { Page = hasPage ? new Listener(new IPEndPoint(IPAddress.Loopback, 0)) : null },
                    Hardware = hardware,
                    IsBmcEndpoint = isBmcEndpoint,
                },
                cancellationToken).ConfigureAwait(false);
            return new EphemeralService(certificate, clientCertificate, service, password);
        }
        catch
        {
            certificate.Dispose();
            clientCertificate.Dispose();
            throw;
        }
    }

    /// <summary>Writes how to connect as JSON: <c>http</c>, <c>https</c>, <c>user</c>, <c>password</c>, <c>certificateSha256</c>, <c>pid</c>.</summary>
    /// <remarks>The commands take it as <c>--connect FILE</c>. The file appears whole, by renaming, and its owner alone may read it.</remarks>
    public void WriteConnection(string path) => ConnectionFile.Write(path, this);

    /// <summary>Stops listening, and ends all shells with what runs in them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync().ConfigureAwait(false);
        _certificate.Dispose();
        _clientCertificate.Dispose();
    }
}
