using System.Diagnostics;
using System.Text;
using System.Text.Json;

[assembly: AssemblyFixture(typeof(Farwire.Peers.Tests.RunningService))]

namespace Farwire.Peers.Tests;

/// <summary>The built service as a process, once for all tests.</summary>
public sealed class RunningService : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "farwire-peers-" + Guid.NewGuid().ToString("N"));
    private readonly StringBuilder _log = new();
    private Process? _process;
    private int _serviceId;

    /// <summary>What the service finds in its environment, beside that of the tests; an empty value takes one away.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The words that start a program somewhere else, such as in namespaces; none start it here.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Where the root of the service's file system is for the tests.</summary>
    public string ServiceRoot { get; init; } = "";

    /// <summary>Options of the service beside its folder, such as <c>--bmc</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public static string Root { get; } = FindRoot();

    public string ConnectionFile => ServiceRoot + Path.Combine(_folder, "connection.json");

    public string Http { get; private set; } = "";

    public string Https { get; private set; } = "";

    public string User { get; private set; } = "";

    public string Password { get; private set; } = "";

    public string CertificateSha256 { get; private set; } = "";

    /// <summary>What the service said so far.</summary>
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

    public int ProcessId => _process!.Id;

    public static string Program(string name) => Path.Combine(Root, "artifacts", "bin", name, "release", name);

    public async ValueTask InitializeAsync()
    {
        string[] words = [.. Launcher, Program("farwired"), "run", "--ephemeral", _folder, .. Arguments];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true };

        // Programs that stand in for others, for the commands that clients send.
        start.Environment["PATH"] = $"{Path.Combine(AppContext.BaseDirectory, "Peers", "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value.Length > 0 ? value : null;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine(); // a pipe that nobody reads stops whoever writes to it
        while (!File.Exists(ConnectionFile))
        {
            Assert.False(_process.HasExited, $"farwired ended before it was ready: {Log}");
            await Task.Delay(20);
        }

        var connection = JsonDocument.Parse(await File.ReadAllBytesAsync(ConnectionFile)).RootElement;
        Http = connection.GetProperty("http").GetString()!;
        Https = connection.GetProperty("https").GetString()!;
        User = connection.GetProperty("user").GetString()!;
        Password = connection.GetProperty("password").GetString()!;
        CertificateSha256 = connection.GetProperty("certificateSha256").GetString()!;
        _serviceId = connection.GetProperty("pid").GetInt32();
        Assert.True(Launcher.Count > 0 || _process.Id == _serviceId);
    }

    public async ValueTask DisposeAsync()
    {
        string[] kill = [.. Launcher, "kill", _serviceId.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        await Commands.RunAsync(kill[0], kill[1..]);
        await _process!.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        Assert.False(Directory.Exists(ServiceRoot + _folder), "the ephemeral service left its folder behind");
        _process.Dispose();
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Farwire.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests lie outside of the repository.");
        }

        return folder;
    }
}
