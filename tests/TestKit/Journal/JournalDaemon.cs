using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Farwire.TestKit.Journal;

/// <summary>A systemd-journald of its own: the daemon of a journal namespace, which needs no systemd around it.</summary>
/// <remarks>systemd-journald.service(8), "Journal Namespaces".</remarks>
public sealed class JournalDaemon : IAsyncDisposable
{
    private const string Program = "/usr/lib/systemd/systemd-journald";
    private const string MachineId = "/etc/machine-id";

    private readonly string _name = "farwire-" + Guid.NewGuid().ToString("N")[..12];
    private readonly Process _daemon;

    // The daemon of a namespace ends after half a minute without a client that is connected; senders of datagrams are none.
    private readonly System.Net.Sockets.Socket _client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private JournalDaemon()
    {
        Directory = $"/var/log/journal/{File.ReadAllText(MachineId).Trim()}.{_name}";
        System.IO.Directory.CreateDirectory(Directory); // it is kept where its folder is
        _daemon = Process.Start(new ProcessStartInfo(Program, [_name]) { RedirectStandardError = true })!;
    }

    /// <summary>Where its files are.</summary>
    public string Directory { get; }

    /// <summary>Where it listens: <c>socket</c> for the native protocol, <c>dev-log</c> for syslog.</summary>
    public string Sockets => $"/run/systemd/journal.{_name}";

    /// <summary>It can be started here.</summary>
    public static bool IsAvailable => Environment.IsPrivilegedProcess && File.Exists(Program) && File.Exists(MachineId);

    /// <summary>Why a test is skipped where it cannot.</summary>
    public const string Needed = "systemd-journald, /etc/machine-id and root are needed (package systemd).";

    /// <summary>Starts one; ends when it takes entries.</summary>
    public static async Task<JournalDaemon> StartAsync()
    {
        var daemon = new JournalDaemon();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists($"{daemon.Sockets}/socket") || !File.Exists($"{daemon.Sockets}/stdout") || !File.Exists($"{daemon.Directory}/system.journal"))
        {
            if (daemon._daemon.HasExited)
            {
                throw new InvalidOperationException("systemd-journald ended.");
            }

            await Task.Delay(20, patience.Token);
        }

        await daemon._client.ConnectAsync(new UnixDomainSocketEndPoint($"{daemon.Sockets}/stdout"), patience.Token);
        return daemon;
    }

    /// <summary>Sends an entry by the native protocol; values may hold any bytes.</summary>
    public void Send(params ReadOnlySpan<(string Name, byte[] Value)> fields)
    {
        var message = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            message.Write(Encoding.ASCII.GetBytes(name + "\n"));
            message.Write(BitConverter.GetBytes((long)value.Length));
            message.Write(value);
            message.WriteByte((byte)'\n');
        }

        using var socket = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(message.ToArray(), new UnixDomainSocketEndPoint(Socket));
    }

    /// <summary>Where it takes entries.</summary>
    public string Socket => $"{Sockets}/socket";

    /// <summary>Writes entries of <paramref name="identifier"/>, numbered from <paramref name="first"/> in their text, which ends with <paramref name="more"/>.</summary>
    public void Write(string identifier, int first, int count, int priority = 6, string more = "")
    {
        for (var number = first; number < first + count; number++)
        {
            Log(("SYSLOG_IDENTIFIER", identifier), ("PRIORITY", priority.ToString(CultureInfo.InvariantCulture)), ("MESSAGE", string.Create(CultureInfo.InvariantCulture, $"number {number};{more}")));
        }
    }

    /// <summary>Sends an entry of texts.</summary>
    public void Log(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var bytes = new (string, byte[])[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            bytes[i] = (fields[i].Name, Encoding.UTF8.GetBytes(fields[i].Value));
        }

        Send(bytes);
    }

    /// <summary>Has it begin new files: SIGUSR2.</summary>
    public void Rotate()
    {
        using var kill = Process.Start("kill", ["-USR2", _daemon.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The same; ends when it writes into the new one.</summary>
    public async Task RotateAsync()
    {
        int Archived() => System.IO.Directory.GetFiles(Directory, "system@*.journal").Length;
        var before = Archived();
        Rotate();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Archived() == before)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _daemon.Kill();
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
        if (System.IO.Directory.Exists(Sockets))
        {
            System.IO.Directory.Delete(Sockets, recursive: true);
        }
    }
}
