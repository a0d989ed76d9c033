using System.Diagnostics;
using System.Globalization;

namespace Farwire.Peers.Tests;

/// <summary>A real systemd with bus and journal, as the first process of namespaces of its own, over a root that keeps what is written to it to itself.</summary>
internal sealed class SystemdRoot : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "farwire-systemd-" + Guid.NewGuid().ToString("N"));
    private Process? _process;
    private string? _init;

    /// <summary>The bus inside, as a client outside names it.</summary>
    public string BusAddress => $"unix:path=/proc/{_init}/root/run/dbus/system_bus_socket";

    /// <summary>What lies over the root of this machine: files put here are seen inside.</summary>
    public string Upper { get; private set; } = "";

    /// <summary>Starts it; answers why it cannot be, or null.</summary>
    public async Task<string?> StartAsync()
    {
        if (!File.Exists("/lib/systemd/systemd") || !File.Exists("/usr/bin/dbus-daemon"))
        {
            return "systemd and dbus are not installed";
        }

        if (Environment.UserName != "root")
        {
            return "namespaces of its own need root";
        }

        Upper = Directory.CreateDirectory(Path.Combine(_folder, "upper")).FullName;
        var script = Path.Combine(AppContext.BaseDirectory, "Fixtures", "systemd", "run-systemd.sh");
        _process = Process.Start(new ProcessStartInfo("bash", [script, _folder]) { RedirectStandardError = true })!;
        while (!_process.HasExited)
        {
            var child = (await Commands.RunAsync("pgrep", ["-P", _process.Id.ToString(CultureInfo.InvariantCulture), "systemd"])).Output.Trim();
            if (child.Length > 0)
            {
                _init = child;
                if ((await RunAsync("systemctl", "is-system-running")).Output.Trim() is "running" or "degraded")
                {
                    return null;
                }
            }

            await Task.Delay(50);
        }

        return "no systemd runs in namespaces here: " + await _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The first process inside, as outside sees it.</summary>
    public string InitId => _init!;

    /// <summary>Runs a program inside.</summary>
    public Task<Outcome> RunAsync(string program, params string[] arguments) => Commands.RunAsync("nsenter", ["-t", _init!, "-a", program, .. arguments]);

    public async ValueTask DisposeAsync()
    {
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
}
