using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Farwire.Peers.Tests.Administration;
using Farwire.TestKit.Journal;

namespace Farwire.Peers.Tests.Forwarding;

/// <summary>The built source over a systemd-journald of its own.</summary>
internal sealed class ForwardingSource : IAsyncDisposable
{
    public const string Channel = "Linux-Journal";
    public const string Operational = "Microsoft-Windows-Forwarding/Operational";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-source-").FullName;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private ForwardingSource(JournalDaemon journal) => Journal = journal;

    public JournalDaemon Journal { get; }

    public string Config => Path.Combine(_folder, "etc");

    public string State { get; set; } = "";

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Where it keeps how far each subscription is.</summary>
    public string Bookmarks => Path.Combine(State, "source", "bookmarks");

    /// <summary>What else its environment holds.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    private string Socket => Path.Combine(_folder, "run", "local.sock");

    /// <summary>Makes one that does not run yet.</summary>
    public static async Task<ForwardingSource> MakeAsync()
    {
        Assert.SkipUnless(JournalDaemon.IsAvailable, JournalDaemon.Needed);
        var source = new ForwardingSource(await JournalDaemon.StartAsync());
        source.State = Path.Combine(source._folder, "state");
        Directory.CreateDirectory(source.Config);
        return source;
    }

    /// <summary>Makes one that serves a collector as a user of it, and starts it.</summary>
    public static async Task<ForwardingSource> StartAsync(ForwardingCollector collector, string user, string more = "", int refresh = 1)
    {
        _ = collector.Service;
        var source = await MakeAsync();
        source.Configure(collector, user, more, $"Server={collector.Address}/SubscriptionManager/WEC,Refresh={refresh}");
        await source.StartAsync();
        return source;
    }

    /// <summary>Writes the policy.</summary>
    public void Configure(ForwardingCollector collector, string user, string more, params string[] lines)
    {
        var password = Path.Combine(_folder, "password");
        File.WriteAllText(password, AdministeredService.Password + "\n");
        Configure($"User: {user}\nPasswordFile: {password}\nAuthorities: {collector.Certificate}\n{more}", lines);
    }

    /// <summary>Writes the policy.</summary>
    public void Configure(string identity, params string[] lines)
    {
        var file = Path.Combine(Config, "source.yaml");
        File.WriteAllText(
            file + ".tmp",
            $"{(lines.Length == 0 ? "" : "Collectors:\n")}{string.Concat(lines.Select(line => $"  - \"{line}\"\n"))}MachineId: box1.example.org\nJournal: {{ Directory: {Journal.Directory}, Socket: {Journal.Socket} }}\n{identity}");
        File.Move(file + ".tmp", file, overwrite: true);
    }

    public async Task StartAsync() => _process = await ReadyProgram.StartAsync(
        RunningService.Program("farwired"), ["source", "--alone", "--config-dir", Config, "--state-dir", State, "--socket", Socket], _log, Environment);

    /// <summary>Ends it as no process can resist.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as a service manager does.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
    }

    public async Task SignalAsync(string signal) => await Commands.RunAsync("kill", ["-" + signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>What <c>farwire events forward status</c> says.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        var outcome = await Commands.RunAsync("env", [$"FARWIRE_SOCKET={Socket}", RunningService.Program("farwire"), "events", "forward", "status", "-o", "json"]);
        Assert.True(outcome.ExitCode is 0 or 1, outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }

    /// <summary>Waits until the status of the first collector and its subscriptions is as wanted.</summary>
    public async Task<JsonElement> UntilStatusAsync(Func<JsonElement, bool> condition)
    {
        var status = default(JsonElement);
        await Waiting.UntilAsync(async () => (status = await StatusAsync()).GetArrayLength() > 0 && condition(status[0]), () => $"It stands: {status}\n{Log}");
        return status[0];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        await Journal.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
