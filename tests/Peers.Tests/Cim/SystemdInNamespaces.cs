using System.Diagnostics;
using System.Globalization;

namespace Farwire.Peers.Tests.Cim;

/// <summary>A real systemd with bus and journal, as the first process of namespaces of its own, and a service that asks it.</summary>
public sealed class SystemdInNamespaces : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "farwire-systemd-" + Guid.NewGuid().ToString("N"));
    private Process? _process;
    private string? _init;
    private string? _missing;
    private RunningService? _service;
    private RunningService? _inside;

    /// <summary>The service; skips the test where no systemd can be run.</summary>
    public RunningService Service
    {
        get
        {
            Assert.SkipWhen(_missing is not null, _missing ?? "");
            return _service!;
        }
    }

    /// <summary>What leads a service to this systemd.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["DBUS_SYSTEM_BUS_ADDRESS"] = $"unix:path=/proc/{_init}/root/run/dbus/system_bus_socket" };

    public async ValueTask InitializeAsync()
    {
        _missing = !File.Exists("/lib/systemd/systemd") || !File.Exists("/usr/bin/dbus-daemon") ? "systemd and dbus are not installed"
            : Environment.UserName != "root" ? "namespaces of its own need root"
            : await StartAsync();
        if (_missing is null)
        {
            _service = new RunningService { Settings = Settings };
            await _service.InitializeAsync();
        }
    }

    /// <summary>A service that lives with this systemd: it sees its files, its journal and its processes. Listens outside.</summary>
    public async Task<RunningService> InsideAsync()
    {
        _ = Service;
        if (_inside is null)
        {
            _inside = new RunningService { Launcher = ["nsenter", "-t", _init!, "-m", "-p"], ServiceRoot = $"/proc/{_init}/root" };
            await _inside.InitializeAsync();
        }

        return _inside;
    }

    /// <summary>Runs a program inside.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var outcome = await Commands.RunAsync("nsenter", ["-t", _init!, "-a", program, .. arguments]);
        return outcome.Output;
    }

    public async ValueTask DisposeAsync()
    {
        if (_inside is not null)
        {
            await _inside.DisposeAsync();
        }

        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        if (_init is not null)
        {
            await Commands.RunAsync("kill", ["-KILL", _init]); // the first process takes all others with it
            await _process!.WaitForExitAsync();
            var group = (await File.ReadAllTextAsync(Path.Combine(_folder, "cgroup"))).Trim();
            await Commands.RunAsync("find", [group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"]);
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<string?> StartAsync()
    {
        Directory.CreateDirectory(_folder);
        var script = Path.Combine(AppContext.BaseDirectory, "Fixtures", "systemd", "run-systemd.sh");
        _process = Process.Start(new ProcessStartInfo("bash", [script, _folder]) { RedirectStandardError = true })!;
        while (!_process.HasExited)
        {
            var child = (await Commands.RunAsync("pgrep", ["-P", _process.Id.ToString(CultureInfo.InvariantCulture), "systemd"])).Output.Trim();
            if (child.Length > 0)
            {
                _init = child;
                if ((await RunAsync("systemctl", "is-system-running")).Trim() is "running" or "degraded")
                {
                    return null;
                }
            }

            await Task.Delay(50);
        }

        return "no systemd runs in namespaces here: " + await _process.StandardError.ReadToEndAsync();
    }
}
