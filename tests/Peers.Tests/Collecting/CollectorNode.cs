using System.Diagnostics;
using System.Globalization;
using System.Text;
using Farwire.Security.Accounts;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>The built collector as one of several that share a database.</summary>
internal sealed class CollectorNode : IAsyncDisposable
{
    public const string Password = "secret";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-node-").FullName;
    private Process? _process;

    private CollectorNode(int port) => Port = port;

    /// <summary>Where it expects the balancer.</summary>
    public int Port { get; }

    /// <param name="users">Its users are <c>src1</c> to this number.</param>
    /// <param name="yaml">More of <c>collector.yaml</c>.</param>
    public static async Task<CollectorNode> StartAsync(int users, string yaml)
    {
        var node = new CollectorNode(LoopbackPort.Free());
        Directory.CreateDirectory(Path.Combine(node._folder, "etc"));
        Directory.CreateDirectory(Path.Combine(node._folder, "state"));
        await File.WriteAllTextAsync(Path.Combine(node._folder, "etc", "farwired.yaml"), "Service:\n  AllowUnencrypted: true\n  Auth: { Basic: true }\n");
        await File.WriteAllTextAsync(Path.Combine(node._folder, "etc", "collector.yaml"), $"Listeners:\n  - {{ Address: 127.0.0.1, Port: {node.Port}, Balancers: [127.0.0.1] }}\n{yaml}\n");
        var hash = PasswordHash.Of(Password, 1000).ToString();
        await File.WriteAllLinesAsync(Path.Combine(node._folder, "state", "users"), Enumerable.Range(1, users).Select(n => $"src{n.ToString(CultureInfo.InvariantCulture)}:{Environment.UserName}:{hash}"));
        await node.StartAsync();
        return node;
    }

    public async Task StartAsync() => _process = await ReadyProgram.StartAsync(
        RunningService.Program("farwired"),
        ["collector", "--alone", "--config-dir", Path.Combine(_folder, "etc"), "--state-dir", Path.Combine(_folder, "state"), "--socket", Path.Combine(_folder, "run", "local.sock")],
        new StringBuilder());

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public Task<Outcome> RunAsync(params string[] words) =>
        Commands.RunAsync("env", [$"FARWIRE_SOCKET={Path.Combine(_folder, "run", "collector-local.sock")}", RunningService.Program("farwire"), .. words]);

    public async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
