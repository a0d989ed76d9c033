using System.Net;
using System.Net.Sockets;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.CredSsp;
using Farwire.Security.Ntlm;

namespace Farwire.Peers.Tests.Security;

/// <summary>CredSSP with FreeRDP, which speaks it for remote desktops: the same TLS and messages, over TCP in place of HTTP.</summary>
public sealed class CredSspTests(RunningService service)
{
    [Theory]
    [InlineData("secret", true)]
    [InlineData("wrong", false)]
    public async Task FreeRDP_delegates_a_password(string password, bool taken)
    {
        Commands.Need("/usr/bin/xfreerdp");
        Commands.Need("/usr/bin/xvfb-run");
        using var key = SecretKey.Ephemeral();
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", "", PasswordHash.Of("secret", 1), key.Seal("ann", NtlmService.NtHashPurpose, NtHash.Of("secret"))));
        var scheme = new CredSspScheme(new NtlmService(users, key, new GuessLimit(TimeProvider.System), TimeProvider.System), kerberos: null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var step = ServeAsync(listener, scheme);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await Commands.RunAsync("/usr/bin/xvfb-run", ["-a", "/usr/bin/xfreerdp", $"/v:127.0.0.1:{port}", "/u:ann", "/p:" + password, "/cert:ignore", "+auth-only", "/sec:nla"]);
        listener.Stop();

        Assert.Equal(taken, await step is { IsAccepted: true } accepted && accepted.Principal!.Identity!.Name == "ann");
    }

    [Theory]
    [InlineData("localhost", 0)]
    [InlineData("elsewhere", 1)]
    public async Task Our_client_delegates_to_hosts_on_its_list_alone(string list, int exitCode)
    {
        var at = new Uri(service.Http);

        var outcome = await Commands.RunAsync(
            "/usr/bin/env",
            [
                "FARWIRE_PASSWORD=" + service.Password, CredSspAllowed, RunningService.Program("farwire"), "winrm", "get", "wmicimv2/Win32_OperatingSystem",
                $"-r:http://localhost:{at.Port}", "-a:credssp", "-u:" + service.User, "--delegate-to-ntlm", "WSMAN/" + list,
            ]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Equal(exitCode == 1, outcome.Errors.Contains("WSMAN/localhost is not on the list", StringComparison.Ordinal));
    }

    // X.224: the client asks for a connection, we confirm it with CredSSP; what follows are records of TLS.
    private static async Task<TokenStep?> ServeAsync(TcpListener listener, CredSspScheme scheme)
    {
        try
        {
            using var socket = await listener.AcceptTcpClientAsync();
            await using var stream = socket.GetStream();
            await ReadAsync(stream, 4, head => (head[2] << 8 | head[3]) - 4);
            await stream.WriteAsync(Convert.FromHexString("030000130ed000000000000200080002000000"));
            using var acceptor = scheme.Accept(new ConnectionFacts("127.0.0.1"));
            while (true)
            {
                var record = await ReadAsync(stream, 5, head => head[3] << 8 | head[4]);
                var step = await acceptor.StepAsync(Convert.ToBase64String(record), default);
                if (step.Reply is { } reply)
                {
                    await stream.WriteAsync(Convert.FromBase64String(reply));
                }

                if (!step.IsContinued)
                {
                    return step;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or EndOfStreamException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int head, Func<byte[], int> rest)
    {
        var bytes = new byte[head];
        await stream.ReadExactlyAsync(bytes);
        var more = new byte[rest(bytes)];
        await stream.ReadExactlyAsync(more);
        return [.. bytes, .. more];
    }

    // Off unless the machine says otherwise.
    private static string CredSspAllowed => "FARWIRE_CONFIG_DIR=" + Path.Combine(AppContext.BaseDirectory, "Peers", "credssp");
}
