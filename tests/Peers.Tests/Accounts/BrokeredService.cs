using System.Diagnostics;
using System.Text.Json;

namespace Farwire.Peers.Tests.Accounts;

/// <summary>
/// The built service in two processes, as root starts it: the broker, and the service as <c>nobody</c>. It sees accounts of its own in a mount namespace.
/// </summary>
public sealed class BrokeredService : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-broker-").FullName;
    private readonly List<string> _log = [];
    private Process? _process;

    /// <summary>What it finds in its environment, beside that of the tests.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public string? Missing { get; private set; }

    public string Http { get; private set; } = "";

    public string Https { get; private set; } = "";

    public string CertificateSha256 { get; private set; } = "";

    /// <summary>The service in front.</summary>
    public int ServiceId { get; private set; }

    public string ConnectionFile => Path.Combine(_folder, "service", "connection.json");

    /// <summary>What the broker wrote down.</summary>
    public string[] Log
    {
        get
        {
            lock (_log)
            {
                return [.. _log];
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        Missing = !Environment.IsPrivilegedProcess ? "a broker needs root"
            : (await Commands.RunAsync("unshare", ["-m", "true"])).ExitCode != 0 ? "mount namespaces are not allowed here"
            : null;
        if (Missing is not null)
        {
            return;
        }

        // The service must be able to read itself as nobody, wherever the tests lie.
        var program = Path.Combine(_folder, "program");
        Assert.Equal(0, (await Commands.RunAsync("cp", ["-r", Path.GetDirectoryName(RunningService.Program("farwired"))!, program])).ExitCode);
        Assert.Equal(0, (await Commands.RunAsync("chmod", ["-R", "a+rX", _folder])).ExitCode);
        var start = new ProcessStartInfo(
            "unshare",
            ["-m", "sh", Path.Combine(AppContext.BaseDirectory, "Peers", "accounts.sh"), _folder, Path.Combine(program, "farwired"), "run", "--ephemeral", Path.GetDirectoryName(ConnectionFile)!, "--as", "nobody"])
        {
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        while (!File.Exists(ConnectionFile))
        {
            Assert.False(_process.HasExited, string.Join('\n', Log));
            await Task.Delay(20);
        }

        var connection = JsonDocument.Parse(await File.ReadAllBytesAsync(ConnectionFile)).RootElement;
        Http = connection.GetProperty("http").GetString()!;
        Https = connection.GetProperty("https").GetString()!;
        CertificateSha256 = connection.GetProperty("certificateSha256").GetString()!;
        ServiceId = connection.GetProperty("pid").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await Commands.RunAsync("kill", [_process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
            Assert.Equal(0, _process.ExitCode);
            Assert.False(Directory.Exists(Path.GetDirectoryName(ConnectionFile)), "the service left its folder behind");
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.Add(line ?? "");
        }
    }
}
