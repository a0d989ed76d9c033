using System.Diagnostics;
using System.Globalization;
using Farwire.Linux.Journal;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>A systemd-journald of its own: the daemon of a journal namespace, which needs no systemd around it.</summary>
/// <remarks>systemd-journald.service(8), "Journal Namespaces".</remarks>
internal sealed class JournalDaemon : IAsyncDisposable
{
    private const string Program = "/usr/lib/systemd/systemd-journald";
    private const string MachineId = "/etc/machine-id";

    private readonly string _name = "farwire-" + Guid.NewGuid().ToString("N")[..12];
    private readonly Process _daemon;
    private readonly JournalWriter _writer;

    private JournalDaemon()
    {
        Directory = $"/var/log/journal/{File.ReadAllText(MachineId).Trim()}.{_name}";
        System.IO.Directory.CreateDirectory(Directory); // it is kept where its folder is
        _daemon = Process.Start(new ProcessStartInfo(Program, [_name]) { RedirectStandardError = true })!;
        _writer = new JournalWriter(Socket);
    }

    /// <summary>Where its files are.</summary>
    public string Directory { get; }

    /// <summary>Where it takes entries.</summary>
    public string Socket => $"/run/systemd/journal.{_name}/socket";

    public static async Task<JournalDaemon> StartAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(Program) && File.Exists(MachineId), "systemd-journald, /etc/machine-id and root are needed (package systemd).");
        var daemon = new JournalDaemon();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(daemon.Socket) || !File.Exists($"{daemon.Directory}/system.journal"))
        {
            Assert.False(daemon._daemon.HasExited, "systemd-journald ended.");
            await Task.Delay(20, patience.Token);
        }

        return daemon;
    }

    /// <summary>Writes entries of <paramref name="identifier"/>, numbered from <paramref name="first"/> in their text.</summary>
    public void Write(string identifier, int first, int count, int priority = 6, string more = "")
    {
        for (var number = first; number < first + count; number++)
        {
            _writer.Write(
                ("SYSLOG_IDENTIFIER", identifier), ("PRIORITY", priority.ToString(CultureInfo.InvariantCulture)), ("MESSAGE", string.Create(CultureInfo.InvariantCulture, $"number {number};{more}")));
        }
    }

    /// <summary>Has it begin a new file.</summary>
    public async Task RotateAsync()
    {
        int Archived() => System.IO.Directory.GetFiles(Directory, "system@*.journal").Length;
        var before = Archived();
        await Commands.RunAsync("kill", ["-USR2", _daemon.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Archived() == before)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _daemon.Kill();
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
        if (System.IO.Directory.Exists(Path.GetDirectoryName(Socket)))
        {
            System.IO.Directory.Delete(Path.GetDirectoryName(Socket)!, recursive: true);
        }
    }
}
