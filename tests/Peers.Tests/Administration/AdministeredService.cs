using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Farwire.Peers.Tests.Administration;

/// <summary>The built service as an administrator runs it, with folders of its own and without a listener, and the command winrm to it.</summary>
internal sealed class AdministeredService : IAsyncDisposable
{
    public const string Password = "Passw0rd!";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-admin-").FullName;
    private readonly StringBuilder _log = new();
    private IReadOnlyDictionary<string, string> _settings = new Dictionary<string, string>();
    private bool _isIsolated;
    private string[] _options = [];
    private Process? _process;

    private AdministeredService()
    {
    }

    public string Config => Path.Combine(_folder, "etc");

    public string State => Path.Combine(_folder, "state");

    public string Socket => Path.Combine(_folder, "run", "local.sock");

    /// <summary>Gives the next start a variable.</summary>
    public void Set(string name, string value) => _settings = new Dictionary<string, string>(_settings) { [name] = value };

    public int ProcessId => _process!.Id;

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

    /// <summary>The same in a network of its own, where every port is free.</summary>
    public static Task<AdministeredService> StartIsolatedAsync(params (string File, string Yaml)[] files) => StartIsolatedAsync(new Dictionary<string, string>(), files);

    /// <summary>The same with settings in its environment.</summary>
    public static async Task<AdministeredService> StartIsolatedAsync(IReadOnlyDictionary<string, string> settings, params (string File, string Yaml)[] files)
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && (await Commands.RunAsync("unshare", ["-n", "sh", "-c", "ip link set lo up"])).ExitCode == 0, "network namespaces are not allowed here, or iproute2 is missing");
        return await StartAsync(isIsolated: true, settings, [], files);
    }

    /// <summary>The same with an environment of its own.</summary>
    public static Task<AdministeredService> StartWithAsync(IReadOnlyDictionary<string, string> settings, params (string File, string Yaml)[] files) => StartAsync(isIsolated: false, settings, [], files);

    /// <summary>Starts it with options of <c>farwired run</c>.</summary>
    public static Task<AdministeredService> StartWithAsync(string[] options, params (string File, string Yaml)[] files) =>
        StartAsync(isIsolated: false, new Dictionary<string, string>(), options, files);

    /// <summary>Starts it with a user 'ann', who is whoever runs the tests, and 'bob', who is nobody.</summary>
    public static Task<AdministeredService> StartAsync(params (string File, string Yaml)[] files) =>
        StartAsync(isIsolated: false, new Dictionary<string, string>(), [], files);

    private static async Task<AdministeredService> StartAsync(bool isIsolated, IReadOnlyDictionary<string, string> settings, string[] options, (string File, string Yaml)[] files)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "an administrator's service needs root");
        var service = new AdministeredService { _isIsolated = isIsolated, _settings = settings, _options = options };
        Directory.CreateDirectory(service.Config);
        Directory.CreateDirectory(service.State);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(service._folder, (UnixFileMode)0b111_101_101);
        }

        foreach (var (file, yaml) in files)
        {
            service.Write(file, yaml);
        }

        foreach (var (name, account) in new[] { ("ann", Environment.UserName), ("bob", "nobody") })
        {
            var added = await Commands.RunAsync(
                RunningService.Program("farwired"), ["user", "add", name, "--file", Path.Combine(service.State, "users"), "--account", account], Encoding.UTF8.GetBytes(Password + "\n"));
            Assert.Equal(0, added.ExitCode);
        }

        await service.StartAsync();
        return service;
    }

    public void Write(string file, string text)
    {
        var path = Path.Combine(Config, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".tmp", text);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>Runs winrm on this machine, with no host given.</summary>
    public Task<Outcome> WinRmAsync(params string[] words) => FarwireAsync(["winrm", .. words]);

    /// <summary>Runs a program in the service's network.</summary>
    public Task<Outcome> InsideAsync(params string[] words) => Commands.RunAsync("nsenter", ["-n", "-t", ProcessId.ToString(CultureInfo.InvariantCulture), .. words]);

    /// <summary>Runs farwire on this machine.</summary>
    public Task<Outcome> FarwireAsync(params string[] words) => Commands.RunAsync("env", [$"FARWIRE_SOCKET={Socket}", RunningService.Program("farwire"), .. words]);

    /// <summary>Runs wecutil on this machine.</summary>
    public Task<Outcome> WecUtilAsync(params string[] words) => FarwireAsync(["wecutil", .. words]);

    /// <summary>Runs winrm, which must succeed.</summary>
    public async Task<string> AskAsync(params string[] words)
    {
        var outcome = await WinRmAsync(words);
        Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
        return outcome.Output;
    }

    /// <summary>Sends a message to the local socket with curl, run by <paramref name="runner"/> when there is one.</summary>
    public async Task<string> CurlAsync(string message, params string[] runner)
    {
        Commands.Need("/usr/bin/curl");
        string[] words = [.. runner, "/usr/bin/curl", "-s", "--unix-socket", Socket, "-H", "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary", "@-", "http://localhost/wsman"];
        return (await Commands.RunAsync(words[0], words[1..], Encoding.UTF8.GetBytes(message))).Output;
    }

    /// <summary>Makes an HTTP listener on loopback and allows Basic in clear text; answers its address.</summary>
    public async Task<string> ListenAsync()
    {
        var port = LoopbackPort.Free();
        await AskAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP", $"@{{Port=\"{port}\"}}");
        await AskAsync("set", "winrm/config/service", "@{AllowUnencrypted=\"true\"}");
        await AskAsync("set", "winrm/config/service/auth", "@{Basic=\"true\"}");
        return $"http://127.0.0.1:{port}/wsman";
    }

    /// <summary>Ends it as a service manager does, and starts it anew.</summary>
    /// <param name="meanwhile">What happens while it is down.</param>
    public async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        await StopAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        await StartAsync();
    }

    /// <summary>Waits until <paramref name="condition"/> holds, for as long as a slow machine may take.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        string[] words = [RunningService.Program("farwired"), "run", "--alone", "--with-collector", "--config-dir", Config, "--state-dir", State, "--socket", Socket, .. _options];
        words = _isIsolated ? ["unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", .. words] : words;
        _process = await ReadyProgram.StartAsync(words[0], words[1..], _log, _settings);
    }

    private async Task StopAsync()
    {
        await Commands.RunAsync("kill", [ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await _process!.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        _process.Dispose();
    }
}
