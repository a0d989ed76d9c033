using System.Globalization;
using Farwire.TestKit.Journal;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>Management, collector and source of events as processes over a real journald.</summary>
public sealed class JournaledMachine : IAsyncLifetime
{
    private JournalDaemon? _journal;
    private TwoProcesses? _service;

    /// <summary>Why it does not run; null when it does.</summary>
    public string? Reason { get; private set; }

    internal JournalDaemon Journal => _journal ?? throw new InvalidOperationException(Reason);

    internal TwoProcesses Service => _service ?? throw new InvalidOperationException(Reason);

    internal static string Guide { get; } = Path.Combine(RunningService.Root, "docs", "guides", "linux-events.md");

    internal int SyslogPort { get; } = LoopbackPort.Free();

    public async ValueTask InitializeAsync()
    {
        if (!JournalDaemon.IsAvailable)
        {
            Reason = "systemd-journald, /etc/machine-id and root are needed (package systemd).";
            return;
        }

        _journal = await JournalDaemon.StartAsync();
        _service = await TwoProcesses.StartAsync(access: "Groups: { EventLogReaders: { Accounts: [nobody] } }\n");
        await File.WriteAllTextAsync(
            Path.Combine(_service.Config, "source.yaml"),
            $"MachineId: box1.corp.example\nJournal: {{ Directory: \"{_journal.Directory}\", Socket: \"{_journal.Socket}\" }}\nSyslog: [{{ Protocol: tcp, Address: 127.0.0.1, Port: {SyslogPort.ToString(CultureInfo.InvariantCulture)} }}]\n");
        await File.WriteAllTextAsync(
            Path.Combine(_service.Config, "event-rules.yaml"),
            "rules:\n" + string.Concat(((string[])["Shop", "Closed", "Pulled", "Push", "PushWithAck", "Events"]).Select(name => $"- {{ when: {{ SYSLOG_IDENTIFIER: {name.ToLowerInvariant()} }}, channel: {name}, eventId: 7 }}\n"))
            + "aliases: { Application: [Shop] }\nchannels: { Closed: { security: 'O:BAG:SYD:(A;;0x7;;;BA)' } }\n---\n" + await RulesOfGuideAsync());
        await _service.StartAsync("source");
    }

    // The rules that docs/guides/linux-events.md shows stand beside those of the tests.
    private static async Task<string> RulesOfGuideAsync()
    {
        var guide = await File.ReadAllTextAsync(Guide);
        var begin = guide.IndexOf("```yaml\nrules:", StringComparison.Ordinal) + "```yaml\n".Length;
        return guide[begin..guide.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }
    }
}
