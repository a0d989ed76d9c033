using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Farwire.AspNetCore;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Providers;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Shells;

namespace Farwire.Daemon;

/// <summary><c>farwired run --ephemeral DIR</c>: a whole service for one run, that leaves nothing behind.</summary>
internal static class EphemeralCommand
{
    private const string UserName = "farwire";

    public static async Task<int> RunAsync(string folder)
    {
        var made = !Directory.Exists(folder);
        var connectionFile = Path.Combine(folder, "connection.json");
        var usersFile = Path.Combine(folder, "users");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"farwired: {folder} cannot be made: {e.Message} Give a folder that you may write.").ConfigureAwait(false);
            return 78;
        }

        if (File.Exists(connectionFile))
        {
            await Console.Error.WriteLineAsync($"farwired: {connectionFile} is there already: another service runs in this folder, or one died. Remove it, or give another folder.").ConfigureAwait(false);
            return 78;
        }

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var users = UserStore.Open(usersFile);
            users.Put(new StoredUser(UserName, Environment.UserName, PasswordHash.Of(password)));
            using var certificate = MakeCertificate();
            var catalog = new ResourceCatalog().Add(CimProviders.Linux());
            await using var shells = new CommandShell();
            shells.AddTo(catalog);
            await using var dispatcher = new Dispatcher(catalog, Options());
            await using var server = await WSManServer.StartAsync(
                [new Listener(new IPEndPoint(IPAddress.Loopback, 0)), new Listener(new IPEndPoint(IPAddress.Loopback, 0), certificate)],
                dispatcher,
                [new BasicAcceptor(users, TimeProvider.System)],
                new WSManEdgeOptions { AllowUnencrypted = true }).ConfigureAwait(false);
            WriteConnection(connectionFile, server.Addresses, password, certificate);
            await stop.Task.ConfigureAwait(false);
            return 0;
        }
        finally
        {
            File.Delete(connectionFile);
            File.Delete(usersFile);
            if (made)
            {
                Directory.Delete(folder);
            }
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static ServiceOptions Options()
    {
        var host = new HostFacts(new LinuxPaths());
        return new ServiceOptions
        {
            ProductVersion = $"OS: {host.KernelRelease.Split('-')[0]} SP: 0.0 Stack: 3.0",
            SecurityProfiles =
            [
                "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/basic",
                "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/basic",
            ],
        };
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false)); // TLS server
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(7));
    }

    // Written aside and renamed: whoever finds the file finds all of it. Only its owner may read the password.
    private static void WriteConnection(string path, IReadOnlyList<Uri> addresses, string password, X509Certificate2 certificate)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("http", addresses[0].ToString());
            json.WriteString("https", addresses[1].ToString());
            json.WriteString("user", UserName);
            json.WriteString("password", password);
            json.WriteString("certificateSha256", Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)));
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteEndObject();
        }

        File.Move(temporary, path);
    }
}
