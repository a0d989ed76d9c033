using System.Diagnostics;
using System.Globalization;
using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>The built service as an administrator runs it: management and collector, each a process of its own over the same folders.</summary>
internal sealed class TwoProcesses : IAsyncDisposable
{
    public const string User = "ann";
    public const string Password = "Passw0rd!";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-two-").FullName;
    private readonly Dictionary<string, Process> _processes = [];

    private TwoProcesses()
    {
    }

    /// <summary>Where the management service listens, for both.</summary>
    public string Shared { get; private set; } = "";

    /// <summary>Where the collector listens by itself.</summary>
    public string Own { get; private set; } = "";

    public string Config => Path.Combine(_folder, "etc");

    public string State => Path.Combine(_folder, "state");

    public string Socket => Path.Combine(_folder, "run", "local.sock");

    public static async Task<TwoProcesses> StartAsync(string collectorYaml = "", IReadOnlyDictionary<string, string>? settings = null, string access = "")
    {
        var both = new TwoProcesses { _settings = settings };
        Directory.CreateDirectory(both.Config);
        Directory.CreateDirectory(both.State);
        var (shared, own) = (LoopbackPort.Free(), LoopbackPort.Free());
        (both.Shared, both.Own) = ($"http://127.0.0.1:{shared}/wsman", $"http://127.0.0.1:{own}/wsman");
        await File.WriteAllTextAsync(
            Path.Combine(both.Config, "farwired.yaml"),
            $"Service:\n  AllowUnencrypted: true\n  Auth: {{ Basic: true }}\nListener:\n  - {{ Address: \"IP:127.0.0.1\", Transport: HTTP, Port: {shared} }}\n");
        await File.WriteAllTextAsync(Path.Combine(both.Config, "collector.yaml"), $"Listeners:\n  - {{ Address: 127.0.0.1, Port: {own} }}\n{collectorYaml}");
        if (access.Length > 0)
        {
            await File.WriteAllTextAsync(Path.Combine(both.Config, "access.yaml"), access);
        }

        var added = await Commands.RunAsync(
            RunningService.Program("farwired"), ["user", "add", User, "--file", Path.Combine(both.State, "users"), "--account", Environment.UserName], Encoding.UTF8.GetBytes(Password + "\n"));
        Assert.Equal(0, added.ExitCode);
        await both.StartAsync("run");
        await both.StartAsync("collector");
        return both;
    }

    private IReadOnlyDictionary<string, string>? _settings;

    public int ProcessId(string role) => _processes[role].Id;

    /// <summary>Starts a role and waits until it says that it is ready.</summary>
    public async Task StartAsync(string role) => _processes[role] = await ReadyProgram.StartAsync(
        RunningService.Program("farwired"), [role, "--alone", "--config-dir", Config, "--state-dir", State, "--socket", Socket], new StringBuilder(), _settings);

    /// <summary>Ends a role as no process can resist.</summary>
    public async Task KillAsync(string role)
    {
        _processes[role].Kill();
        await _processes[role].WaitForExitAsync();
    }

    /// <summary>Ends a role as a service manager does.</summary>
    public async Task StopAsync(string role)
    {
        await Commands.RunAsync("kill", [_processes[role].Id.ToString(CultureInfo.InvariantCulture)]);
        await _processes[role].WaitForExitAsync();
        Assert.Equal(0, _processes[role].ExitCode);
    }

    /// <summary>Runs a face of the command on this machine.</summary>
    public Task<Outcome> RunAsync(params string[] words) => Commands.RunAsync("env", [$"FARWIRE_SOCKET={Socket}", RunningService.Program("farwire"), .. words]);

    /// <summary>Makes a subscription for the user.</summary>
    public async Task SubscribeAsync(string name, string more = "")
    {
        var file = Path.Combine(_folder, name + ".xml");
        await File.WriteAllTextAsync(file, EventSender.Subscription(name, User, more));
        var created = await RunAsync("wecutil", "cs", file);
        Assert.True(created.ExitCode == 0, created.Errors);
    }

    /// <summary>The record numbers of the stored events of a subscription, in the order of the store.</summary>
    public async Task<List<int>> StoredAsync(string name)
    {
        var export = await RunAsync("events", "export", "--subscription", name, "-o", "xml");
        Assert.True(export.ExitCode == 0, export.Errors);
        return [.. System.Text.RegularExpressions.Regex.Matches(export.Output, "<EventRecordID>(\\d+)<").Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
