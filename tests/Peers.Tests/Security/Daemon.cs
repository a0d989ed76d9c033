using System.Diagnostics;

namespace Farwire.Peers.Tests.Security;

/// <summary>A daemon of others on a loopback port, with a folder of its own, until it is disposed.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;

    private Daemon(string folder, int port, Process process) => (Folder, Port, _process) = (folder, port, process);

    public string Folder { get; }

    public int Port { get; }

    /// <summary>Starts <paramref name="program"/> and waits until it listens.</summary>
    /// <param name="program">The program, run in the foreground.</param>
    /// <param name="configure">From the folder and the port to the arguments; writes what the program reads.</param>
    public static async Task<Daemon> StartAsync(string program, Func<string, int, Task<string[]>> configure)
    {
        Commands.Need(program);
        var folder = Directory.CreateTempSubdirectory("farwire-daemon-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // Daemons give root up, and still write here.
            File.SetUnixFileMode(folder, (UnixFileMode)0x1FF);
        }

        var port = LoopbackPort.Free();
        var process = Process.Start(new ProcessStartInfo(program, await configure(folder, port)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        while (!await LoopbackPort.IsOpenAsync(port))
        {
            Assert.False(process.HasExited, process.HasExited ? await errors : "");
            await Task.Delay(20);
        }

        return new Daemon(folder, port, process);
    }

    public string Read(string name) => File.Exists(Path.Combine(Folder, name)) ? File.ReadAllText(Path.Combine(Folder, name)) : "";

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
