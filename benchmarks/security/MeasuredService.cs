using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Protocol.Addressing;

namespace Farwire.Benchmarks.Security;

/// <summary>The built service in a process of its own, and the CPU time that it took, as the kernel counts it.</summary>
internal sealed class MeasuredService : IAsyncDisposable
{
    private const string Resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_ComputerSystem";

    private readonly Process _process;
    private readonly JsonElement _connection;

    private MeasuredService(Process process, JsonElement connection) => (_process, _connection) = (process, connection);

    public static async Task<MeasuredService> StartAsync()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Farwire.slnx")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var folder = Path.Combine(Path.GetTempPath(), "farwire-security-" + Guid.NewGuid().ToString("N"));
        var process = Process.Start(new ProcessStartInfo(
            Path.Combine(root, "artifacts", "bin", "farwired", "release", "farwired"), ["run", "--ephemeral", folder]) { RedirectStandardError = true })!;
        var file = Path.Combine(folder, "connection.json");
        while (!File.Exists(file))
        {
            await Task.Delay(50);
        }

        return new MeasuredService(process, JsonDocument.Parse(await File.ReadAllBytesAsync(file)).RootElement);
    }

    /// <summary>The service's CPU for one Get on a connection that stands.</summary>
    public async Task<TimeSpan> GetsAsync(AuthenticationMethod method, int count)
    {
        await using var client = new WSManClient(Options(method));
        var reference = SelectorSet.Of(("Name", Environment.MachineName));
        await GetAsync(count / 4); // warm: jitted, proved
        var before = Cpu();
        await GetAsync(count);
        return (Cpu() - before) / count;

        async Task GetAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await client.GetAsync(Resource, reference);
            }
        }
    }

    /// <summary>The service's CPU for a new connection that proves itself.</summary>
    public async Task<TimeSpan> HandshakesAsync(AuthenticationMethod method, int count)
    {
        await ConnectAsync(count / 4);
        var before = Cpu();
        await ConnectAsync(count);
        return (Cpu() - before) / count;

        async Task ConnectAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await using var client = new WSManClient(Options(method));
                await client.IdentifyAsync();
            }
        }
    }

    public async Task<TimeSpan> TlsHandshakesAsync(int count)
    {
        var address = new Uri(_connection.GetProperty("https").GetString()!);
        await ConnectAsync(count / 4);
        var before = Cpu();
        await ConnectAsync(count);
        return (Cpu() - before) / count;

        async Task ConnectAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(address.Host, address.Port);
                await using var tls = new SslStream(socket.GetStream(), false, static (_, certificate, _, _) => certificate is not null);
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", AllowTlsResume = false });
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture)))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private WSManConnectionOptions Options(AuthenticationMethod method) => new()
    {
        Address = new UriBuilder(_connection.GetProperty("http").GetString()!) { Host = "localhost" }.Uri,
        Authentication = method,
        DelegateToNtlm = ["localhost"],
        AllowUnencrypted = method == AuthenticationMethod.Basic,
        User = method == AuthenticationMethod.Kerberos ? null : _connection.GetProperty("user").GetString(),
        Password = method == AuthenticationMethod.Kerberos ? null : _connection.GetProperty("password").GetString(),
    };

    private TimeSpan Cpu()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }
}
