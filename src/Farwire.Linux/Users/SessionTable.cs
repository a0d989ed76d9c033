using System.Globalization;
using System.Text;
using Farwire.Linux.Files;
using Farwire.Linux.Processes;

namespace Farwire.Linux.Users;

/// <summary>Somebody who is logged in.</summary>
/// <param name="Id">The session's name.</param>
/// <param name="User">The account.</param>
/// <param name="IsRemote">It came over the network.</param>
/// <param name="Seat">The place with screen and keyboard, or null.</param>
/// <param name="Service">What let it in, such as <c>sshd</c>.</param>
/// <param name="Started">When.</param>
public sealed record Session(string Id, string User, bool IsRemote, string? Seat, string? Service, DateTimeOffset? Started);

/// <summary>The sessions that logind keeps; without logind those of utmp.</summary>
/// <remarks>sd-login(3) reads the same state files; utmp(5).</remarks>
public sealed class SessionTable(LinuxPaths paths)
{
    private const int RecordBytes = 384;
    private const int MaxRecords = 10_000;
    private const short UserProcess = 7;

    /// <summary>The sessions now.</summary>
    public IReadOnlyList<Session> Read()
    {
        var folder = paths.Run + "/systemd/sessions";
        return Directory.Exists(folder) ? [.. ReadLogind(folder)] : [.. ReadRecords()];
    }

    /// <summary>The session that a process belongs to: that of its control group, without logind that of its terminal; null when there is none.</summary>
    public string? Of(ProcessFacts process)
    {
        const string begin = "/session-";
        const string end = ".scope";
        if (!Directory.Exists(paths.Run + "/systemd/sessions"))
        {
            // The number is that of makedev(3): 136 and on are pseudo terminals, 256 each, 4 the consoles.
            var (major, minor) = ((process.Terminal >> 8) & 0xFFF, (process.Terminal & 0xFF) | ((process.Terminal >> 12) & 0xFFF00));
            return major switch
            {
                >= 136 and <= 143 => string.Create(CultureInfo.InvariantCulture, $"pts/{minor + ((major - 136) * 256)}"),
                4 when minor < 64 => string.Create(CultureInfo.InvariantCulture, $"tty{minor}"),
                _ => null,
            };
        }

        var group = ProcFile.ReadText($"{paths.Proc}/{process.Id}/cgroup") ?? "";
        var at = group.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return at >= begin.Length && group.IndexOf(end, at, StringComparison.Ordinal) is >= 0 and var stop ? group[at..stop] : null;
    }

    private static IEnumerable<Session> ReadLogind(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => !f.EndsWith(".ref", StringComparison.Ordinal)).Take(MaxRecords))
        {
            // Sessions of greeters and of the manager itself are nobody's.
            if (KeyValueFile.Read(file) is not { } state || state.GetValueOrDefault("CLASS") is not ("user" or "user-early" or "user-incomplete")
                || state.GetValueOrDefault("STATE") == "closing")
            {
                continue;
            }

            yield return new Session(
                Path.GetFileName(file),
                state.GetValueOrDefault("USER") ?? "",
                state.GetValueOrDefault("REMOTE") == "1",
                state.GetValueOrDefault("SEAT"),
                state.GetValueOrDefault("SERVICE"),
                long.TryParse(state.GetValueOrDefault("REALTIME"), NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
                    ? DateTimeOffset.UnixEpoch.AddTicks(micros * 10) : null);
        }
    }

    // type 2, pad 2, pid 4, line 32, id 4, user 32, host 256, exit 4, session 4, seconds 4, microseconds 4, address 16, unused 20
    private IEnumerable<Session> ReadRecords()
    {
        byte[] records;
        try
        {
            records = File.ReadAllBytes(paths.Run + "/utmp");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        for (var at = 0; at + RecordBytes <= records.Length && at < MaxRecords * RecordBytes; at += RecordBytes)
        {
            if (BitConverter.ToInt16(records, at) != UserProcess)
            {
                continue;
            }

            var host = TextAt(records, at + 76, 256);
            yield return new Session(
                TextAt(records, at + 8, 32), TextAt(records, at + 44, 32), host.Length > 0 && host[0] != ':', null, null,
                DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToUInt32(records, at + 340)));
        }
    }

    private static string TextAt(byte[] record, int at, int length)
    {
        var text = record.AsSpan(at, length);
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }
}
