using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Farwire.Benchmarks.Load.Servers;

/// <summary>A server in a process of its own, with what the kernel says about it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly double SecondsPerTick = 1.0 / 100; // USER_HZ, fixed for all Linux programs

    private readonly Process _process;
    private readonly string _folder;
    private readonly bool _isDaemon;

    private ServerProcess(Process process, string folder, bool isDaemon, JsonElement connection)
    {
        _process = process;
        _folder = folder;
        _isDaemon = isDaemon;
        Http = Address("http")!;
        Https = Address("https");
        User = connection.GetProperty("user").GetString()!;
        Password = connection.GetProperty("password").GetString()!;
        CertificateSha256 = connection.GetProperty("certificateSha256").GetString()!;

        Uri? Address(string name) => connection.GetProperty(name).GetString() is { Length: > 0 } text ? new Uri(text) : null;
    }

    public Uri Http { get; }

    public Uri? Https { get; }

    public string User { get; }

    public string Password { get; }

    public string CertificateSha256 { get; }

    public string ConnectionPath => Path.Combine(_folder, "connection.json");

    /// <summary>The built service.</summary>
    public static Task<ServerProcess> DaemonAsync(string folder) => StartAsync(Built.Daemon, ["run", "--ephemeral", folder], folder, isDaemon: true);

    /// <summary>A server of this program, by its first word.</summary>
    public static Task<ServerProcess> OwnAsync(string word, string folder, params IEnumerable<string> more) =>
        StartAsync(Environment.ProcessPath!, [Built.Driver, word, folder, .. more], folder, isDaemon: false);

    /// <summary>Processor time used so far, in user mode and in the kernel.</summary>
    public double CpuSeconds
    {
        get
        {
            // The name in parentheses may hold blanks; utime and stime are fields 14 and 15.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * SecondsPerTick;
        }
    }

    /// <summary>Memory resident now.</summary>
    public double ResidentMegabytes => Status("VmRSS:");

    /// <summary>The most memory that was ever resident, since the last <see cref="ForgetPeak"/>.</summary>
    public double PeakMegabytes => Status("VmHWM:");

    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    public async ValueTask DisposeAsync()
    {
        if (_isDaemon)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        }
        else
        {
            _process.StandardInput.Close();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(string file, IEnumerable<string> arguments, string folder, bool isDaemon)
    {
        Directory.CreateDirectory(folder);
        var connection = Path.Combine(folder, "connection.json");
        var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true })!;
        while (!File.Exists(connection))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{file} ended with {process.ExitCode} before it listened.");
            }

            await Task.Delay(1);
        }

        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(connection));
        return new ServerProcess(process, folder, isDaemon, json.RootElement);
    }

    private double Status(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(field.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) / 1024;
    }
}

/// <summary>Where the build puts what is measured.</summary>
internal static class Built
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    public static string Daemon { get; } = Path.Combine(Root, "farwired", "release", "farwired");

    public static string Command { get; } = Path.Combine(Root, "farwire", "release", "farwire");

    public static string BareClient { get; } = Path.Combine(Root, "bare-client", "release", "bare-client");

    public static string Driver { get; } = Path.Combine(AppContext.BaseDirectory, "load.dll");
}
