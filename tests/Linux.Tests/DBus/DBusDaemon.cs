using System.Diagnostics;
using System.Net.Sockets;

namespace Farwire.Linux.Tests.DBus;

/// <summary>The reference implementation of a message bus, on a socket of its own.</summary>
internal sealed class DBusDaemon : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-bus-").FullName;
    private Process? _process;

    public string Path => System.IO.Path.Combine(_folder, "bus");

    public string Address => "unix:path=" + Path;

    public UnixDomainSocketEndPoint EndPoint => new(Path);

    public static async Task<DBusDaemon> StartAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dbus-daemon"), "dbus is not installed");
        var daemon = new DBusDaemon();
        await daemon.RunAsync();
        return daemon;
    }

    public async Task RunAsync()
    {
        _process = Process.Start(new ProcessStartInfo("dbus-daemon", ["--session", "--nofork", "--nosyslog", "--print-address", "--address=" + Address]) { RedirectStandardOutput = true })!;
        Assert.StartsWith(Address, await _process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
    }

    public async Task StopAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(Path);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
