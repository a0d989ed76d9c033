using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Source.Channels;
using Farwire.Source.Journal;
using Farwire.Source.Mapping;
using Farwire.TestKit.Journal;

namespace Farwire.Source.Tests.Journal;

/// <summary>What a real journald holds, as channels.</summary>
public sealed class JournalChannelsTests : IDisposable
{
    private static readonly EventQuery Own = Query("Linux-Journal", "*[EventData[Data[@Name='FARWIRE_TEST']='1']]");
    private static readonly EventQuery Auth = Query("Linux-Auth", "*");

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-journal-").FullName;

    [Fact]
    public async Task Events_come_as_they_are_logged_and_a_reader_goes_on_behind_the_position_of_another_after_a_restart()
    {
        await using var daemon = await StartAsync();
        BookmarkList position;
        ulong second;
        using (var channels = Open(daemon))
        {
            await using var reader = channels.Open(Own, null, readExisting: true, rendered: false, ignoreMissing: false);
            daemon.Log(("FARWIRE_TEST", "1"), ("MESSAGE", "first"));
            daemon.Log(("FARWIRE_TEST", "1"), ("MESSAGE", "second"));
            var first = await NextAsync(reader);
            Assert.Equal("first", MessageOf(first));
            position = reader.Position;
            second = (await NextAsync(reader)).RecordId;
            Assert.Equal(first.RecordId + 1, second);
        }

        daemon.Log(("FARWIRE_TEST", "1"), ("MESSAGE", "third"));
        using var again = Open(daemon);
        await using var other = again.Open(Own, position, readExisting: false, rendered: true, ignoreMissing: false);

        Assert.Equal(second, (await NextAsync(other)).RecordId);
        var third = await NextAsync(other);
        Assert.Equal(second + 1, third.RecordId);
        Assert.Contains("<RenderingInfo Culture=\"en-US\"><Message>third</Message>", third.Xml);
    }

    [Fact]
    [Trait("Feature", "SRC-05")]
    [Trait("Peer", "systemd-journald")]
    public async Task Existing_events_come_only_when_they_are_asked_for()
    {
        await using var daemon = await StartAsync();
        daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "old"));
        using var channels = Open(daemon);
        await ReadyAsync(channels, Auth, 1);

        await using var fresh = channels.Open(Auth, null, readExisting: false, rendered: false, ignoreMissing: false);
        await using var all = channels.Open(Auth, null, readExisting: true, rendered: true, ignoreMissing: false);
        daemon.Log(("SYSLOG_FACILITY", "10"), ("MESSAGE", "new"));

        var only = await NextAsync(fresh);
        Assert.Equal(("new", 2UL), (MessageOf(only), only.RecordId));
        Assert.DoesNotContain("RenderingInfo", only.Xml);
        var old = await NextAsync(all);
        Assert.Equal(("old", 1UL), (MessageOf(old), old.RecordId));
        Assert.Contains("<RenderingInfo", old.Xml);
        Assert.Equal("new", MessageOf(await NextAsync(all)));
    }

    [Fact]
    public async Task Numbers_are_the_same_for_every_reader_however_many_anchors_lie_between_and_after_a_crash()
    {
        await using var daemon = await StartAsync();
        using (var before = Open(daemon))
        {
            for (var i = 0; i < (JournalIndex.Distance * 2) + 100; i++)
            {
                daemon.Log(("SYSLOG_FACILITY", i % 3 == 0 ? "4" : "1"), ("MESSAGE", $"{i}"));
            }

            await ReadyAsync(before, Auth, (JournalIndex.Distance * 2 / 3) + 30);
        }

        File.Copy(Path.Combine(_folder, "journal.db"), Path.Combine(_folder, "crashed.db"));
        var numbers = await AllAsync(daemon, "journal.db", null);
        Assert.Equal(numbers, await AllAsync(daemon, "crashed.db", null));
        Assert.Equal(numbers, await AllAsync(daemon, "empty.db", null));
        for (var i = 0; i < numbers.Count; i++)
        {
            Assert.Equal(((ulong)i + 1, $"{i * 3}"), numbers[i]);
        }

        Assert.Equal(numbers[^5..], await AllAsync(daemon, "journal.db", new BookmarkList([new("linux-auth", numbers[^6].Number, true)])));
    }

    [Fact]
    public async Task An_alias_holds_the_events_of_its_channels_under_numbers_of_its_own()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon, EventRuleFile.Read("aliases: {Security: [Linux-Auth], Application: [Linux-Journal]}"));
        daemon.Log(("SYSLOG_FACILITY", "4"), ("SYSLOG_IDENTIFIER", "sshd"), ("MESSAGE", "Failed password for invalid user eve from 192.0.2.7 port 51514 ssh2"));
        await using var reader = channels.Open(Query("Security", "*[System[(EventID=4625) and band(Keywords,4503599627370496)]]"), null, true, false, false);

        var found = EventRecord.Read((await NextAsync(reader)).Xml);

        Assert.Equal(("Security", 1UL), (found.System.Channel!, found.System.RecordId!.Value));
        Assert.Equal("eve", DataOf(found, "TargetUserName"));
        Assert.Equal("192.0.2.7", DataOf(found, "IpAddress"));
    }

    [Fact]
    public async Task Other_rules_hold_from_when_they_are_there_and_numbers_go_on()
    {
        await using var daemon = await StartAsync();
        using (var before = Open(daemon))
        {
            daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "a"));
            daemon.Log(("SYSLOG_FACILITY", "4"), ("APP", "mine"), ("MESSAGE", "b"));
            await ReadyAsync(before, Auth, 2);
        }

        using var channels = Open(daemon, EventRuleFile.Read("rules: [{when: {APP: mine}, channel: My-Application, eventId: 7}]"));
        daemon.Log(("SYSLOG_FACILITY", "4"), ("APP", "mine"), ("MESSAGE", "c"));
        daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "d"));
        await using var mine = channels.Open(Query("My-Application", "*[System/EventID=7]"), null, true, false, false);
        await using var auth = channels.Open(Auth, null, true, false, false);

        var c = await NextAsync(mine);
        Assert.Equal((1UL, "c"), (c.RecordId, MessageOf(c)));
        Assert.Equal(("a", "b", "d"), (MessageOf(await NextAsync(auth)), MessageOf(await NextAsync(auth)), MessageOf(await NextAsync(auth))));
    }

    [Fact]
    public async Task What_is_rotated_and_removed_under_way_is_passed_over_and_everything_else_is_read()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon);
        await using var reader = channels.Open(Auth, null, readExisting: true, rendered: false, ignoreMissing: false);
        daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "0"));
        Assert.Equal("0", MessageOf(await NextAsync(reader)));
        ulong last = 0;
        for (var round = 1; round <= 3; round++)
        {
            daemon.Rotate();
            await UntilAsync(() => Directory.GetFiles(daemon.Directory, "system@*.journal").Length > 0);
            daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", $"{round}"));
            var next = await NextAsync(reader);
            Assert.Equal($"{round}", MessageOf(next));
            last = next.RecordId;
            await RunAsync("journalctl", "--quiet", "--directory", daemon.Directory, "--vacuum-files=1");
            Assert.Empty(Directory.GetFiles(daemon.Directory, "system@*.journal"));
        }

        Assert.Equal(4UL, last);
        await using var rest = channels.Open(Auth, new BookmarkList([new("Linux-Auth", 1, true)]), readExisting: false, rendered: false, ignoreMissing: false);
        var first = await NextAsync(rest);
        Assert.Equal((4UL, "3"), (first.RecordId, MessageOf(first)));
    }

    [Fact]
    public async Task A_reader_that_is_overtaken_by_vacuuming_goes_on_with_what_is_left_under_the_same_numbers()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon);
        var last = (JournalIndex.Distance * 3) + 10;
        for (var i = 1; i <= JournalIndex.Distance * 2; i++)
        {
            daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", $"{i}"));
        }

        await ReadyAsync(channels, Auth, JournalIndex.Distance * 2);
        await using var slow = channels.Open(Auth, null, readExisting: true, rendered: false, ignoreMissing: false);
        Assert.Equal("1", MessageOf(await NextAsync(slow)));
        daemon.Rotate();
        await UntilAsync(() => Directory.GetFiles(daemon.Directory, "system@*.journal").Length > 0);
        for (var i = (JournalIndex.Distance * 2) + 1; i <= last; i++)
        {
            daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", $"{i}"));
        }

        await RunAsync("journalctl", "--quiet", "--directory", daemon.Directory, "--vacuum-files=1");

        var read = new List<(ulong Number, string Text)>();
        while (read.Count == 0 || read[^1].Text != $"{last}")
        {
            var next = await NextAsync(slow);
            read.Add((next.RecordId, MessageOf(next)!));
        }

        Assert.Equal(((ulong)last, $"{last}"), read[^1]);
        Assert.Equal(Enumerable.Range((JournalIndex.Distance * 2) + 1, last - (JournalIndex.Distance * 2)), read.Select(one => int.Parse(one.Text, System.Globalization.CultureInfo.InvariantCulture)).Where(one => one > JournalIndex.Distance * 2));
        await using var fresh = channels.Open(Auth, new BookmarkList([new("Linux-Auth", (ulong)last - 1, true)]), readExisting: false, rendered: false, ignoreMissing: false);
        Assert.Equal($"{last}", MessageOf(await NextAsync(fresh)));
    }

    [Fact]
    [Trait("Peer", "logger")]
    public async Task A_field_of_ten_megabytes_ends_in_an_event_of_bounded_size()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon);
        await using var reader = channels.Open(Auth, null, readExisting: true, rendered: true, ignoreMissing: false);
        var entry = Path.Combine(_folder, "entry");
        await File.WriteAllTextAsync(entry, $"SYSLOG_FACILITY=4\nHUGE={new string('y', 10_000_000)}\nMESSAGE=after it\n");

        // logger knows one journal; in a mount namespace of its own that is ours.
        await RunAsync("unshare", "--mount", "sh", "-c", $"mkdir -p /run/systemd/journal && mount --bind {daemon.Sockets} /run/systemd/journal && logger --journald={entry}");
        var found = await NextAsync(reader);

        Assert.InRange(found.Xml.Length, LogFields.MaxField, LogFields.MaxField + 8192);
        Assert.Equal("after it", EventRecord.Read(found.Xml).Message);
    }

    [Fact]
    public async Task Binary_and_huge_fields_and_wrong_times_of_a_sender_end_in_whole_events()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon);
        await using var reader = channels.Open(Auth, null, readExisting: true, rendered: true, ignoreMissing: false);
        daemon.Send(("SYSLOG_FACILITY", "4"u8.ToArray()), ("MESSAGE", [0, 1, 0xFF]), ("HUGE", Enumerable.Repeat((byte)'x', 100_000).ToArray()), ("_SOURCE_REALTIME_TIMESTAMP", "1"u8.ToArray()));

        var record = EventRecord.Read((await NextAsync(reader)).Xml);

        Assert.False(record.IsBroken, record.Problem);
        Assert.Equal("0001FF", DataOf(record, "MESSAGE.hex"));
        Assert.Equal(LogFields.MaxField, DataOf(record, "HUGE")!.Length);
        Assert.InRange(record.System.TimeCreated!.Value, DateTime.UtcNow.AddHours(-1), DateTime.UtcNow.AddHours(1));
    }

    [Fact]
    public async Task An_event_that_Sysmon_wrote_stays_the_event_it_is()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon);
        await using var reader = channels.Open(Query("Linux-Sysmon/Operational", "*[System[EventID=1] and EventData[Data[@Name='Image']='/bin/ls']]"), null, readExisting: true, rendered: true, ignoreMissing: false);
        daemon.Log(("SYSLOG_IDENTIFIER", "sysmon"), ("MESSAGE", """<Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="2026-05-04T03:02:01.123456000Z"/><EventRecordID>70123</EventRecordID><Correlation/><Execution ProcessID="12" ThreadID="12"/><Channel>Linux-Sysmon/Operational</Channel><Computer>web1</Computer><Security UserId="0"/></System><EventData><Data Name="Image">/bin/ls</Data></EventData></Event>"""));

        var found = await NextAsync(reader);

        Assert.Equal(1UL, found.RecordId);
        Assert.Contains("<Provider Name=\"Linux-Sysmon\" Guid=\"{ff032593-a8d3-4f13-b0d6-01fc615a0f97}\" />", found.Xml);
        Assert.Contains("<EventRecordID>1</EventRecordID>", found.Xml);
        Assert.Contains("<Security UserID=\"0\" />", found.Xml);
        Assert.Contains("<Message>Image: /bin/ls</Message>", found.Xml);
        Assert.StartsWith("<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">", found.Xml);
    }

    [Fact]
    public async Task A_bookmark_of_numbers_that_were_lost_reads_all_again_rather_than_nothing()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon);
        daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "kept"));
        await ReadyAsync(channels, Auth, 1);
        await using var reader = channels.Open(Auth, new BookmarkList([new("Linux-Auth", 4711, true)]), readExisting: false, rendered: false, ignoreMissing: false);

        Assert.Equal("kept", MessageOf(await NextAsync(reader)));
    }

    [Fact]
    public async Task A_channel_that_is_missing_is_named_unless_it_is_to_be_ignored()
    {
        await using var daemon = await StartAsync();
        using var channels = Open(daemon);
        var query = EventQuery.Parse("<QueryList><Query><Select Path='Security'>*</Select><Select Path='Linux-Auth'>*</Select></Query></QueryList>");

        Assert.Equal("Security", Assert.Throws<ChannelNotFoundException>(() => channels.Open(query, null, true, false, ignoreMissing: false)).Channel);
        await using var reader = channels.Open(query, null, true, false, ignoreMissing: true);
        daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "there"));
        Assert.Equal("there", MessageOf(await NextAsync(reader)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static EventQuery Query(string channel, string xpath) => EventQuery.Parse($"<QueryList><Query Id='0'><Select Path='{channel}'>{xpath}</Select></Query></QueryList>");

    internal static async Task<SourceEvent> NextAsync(IEventReader reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await reader.ReadAsync(patience.Token) is { } found)
            {
                return found;
            }

            await reader.WaitAsync(patience.Token);
        }
    }

    internal static string? MessageOf(SourceEvent found) => DataOf(EventRecord.Read(found.Xml), "MESSAGE");

    private static string? DataOf(EventRecord record, string name) => record.Root.Child("EventData")?.Children.FirstOrDefault(data => data.Attribute("Name") == name)?.Value;

    private static async Task<JournalDaemon> StartAsync()
    {
        Assert.SkipUnless(JournalDaemon.IsAvailable, JournalDaemon.Needed);
        return await JournalDaemon.StartAsync();
    }

    private static async Task RunAsync(string program, params string[] words)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, words) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    // Until so many events are counted.
    private static async Task ReadyAsync(JournalChannels channels, EventQuery query, int count)
    {
        await using var reader = channels.Open(query, null, readExisting: true, rendered: false, ignoreMissing: false);
        for (var i = 0; i < count; i++)
        {
            await NextAsync(reader);
        }
    }

    private async Task<List<(ulong Number, string Text)>> AllAsync(JournalDaemon daemon, string state, BookmarkList? after)
    {
        using var channels = JournalChannels.Open(Path.Combine(_folder, state), EventRules.Default, "web1", daemon.Directory)!;
        await channels.Ready;
        await using var reader = channels.Open(Auth, after, readExisting: true, rendered: false, ignoreMissing: false);
        var all = new List<(ulong, string)>();
        while (await reader.ReadAsync(default) is { } found)
        {
            all.Add((found.RecordId, MessageOf(found)!));
        }

        return all;
    }

    private JournalChannels Open(JournalDaemon daemon, EventRules? rules = null) =>
        JournalChannels.Open(Path.Combine(_folder, "journal.db"), rules ?? EventRules.Default, "web1.example", daemon.Directory)!;
}
