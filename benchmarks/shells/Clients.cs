using Farwire.Benchmarks.Load.Servers;
using Farwire.Client;
using Farwire.Client.Connection;

namespace Farwire.Benchmarks.Shells;

internal static class Clients
{
    /// <summary>Over HTTP with NTLM, each message sealed.</summary>
    public static WSManClient Sealing(ServerProcess service) => new(new WSManConnectionOptions
    {
        Address = service.Http,
        Authentication = AuthenticationMethod.Negotiate,
        User = service.User,
        Password = service.Password,
        TrustedHosts = TrustedHosts.Parse("*"),
    });

    public static WSManClient Of(ServerProcess service, bool tls = true) => new(new WSManConnectionOptions
    {
        Address = tls ? service.Https! : service.Http,
        AllowUnencrypted = !tls,
        User = service.User,
        Password = service.Password,
        CertificateSha256 = service.CertificateSha256,
    });

    /// <summary>A whole <c>winrs true</c> on a connection that stands.</summary>
    public static async Task TrueAsync(WSManClient client)
    {
        await using var shell = await client.OpenShellAsync();
        var command = await shell.StartAsync("true");
        await foreach (var _ in command.ReadOutputAsync())
        {
        }

        if (await command.Exit != 0)
        {
            throw new InvalidOperationException("'true' failed.");
        }
    }
}
