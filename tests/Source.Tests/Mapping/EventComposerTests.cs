using System.Text;
using System.Xml.Linq;
using Farwire.Events.Records;
using Farwire.Source.Mapping;

namespace Farwire.Source.Tests.Mapping;

/// <summary>What Linux logs becomes an event that any reader of Windows events understands.</summary>
public sealed class EventComposerTests
{
    private static readonly EventKind Kind = new("Linux-Auth", 40123);
    private static readonly DateTimeOffset Received = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public void The_fields_of_the_journal_stand_where_events_have_them()
    {
        var log = Log(("MESSAGE", "refused <b>"), ("PRIORITY", "3"), ("SYSLOG_FACILITY", "4"), ("SYSLOG_IDENTIFIER", "sshd"), ("_PID", "77"), ("_UID", "1000"),
            ("_SYSTEMD_INVOCATION_ID", "0123456789abcdef0123456789abcdef"), ("_SOURCE_REALTIME_TIMESTAMP", "1777863721000001"));

        var record = EventRecord.Read(Compose(log, rendered: true));

        Assert.False(record.IsBroken, record.Problem);
        Assert.Equal("refused <b>", record.Message);
        Assert.Equal("refused <b>", record.Root.Child("EventData")!.Children.Single(d => d.Attribute("Name") == "MESSAGE").Value);
        Assert.Equal(("sshd", 40123, 2, 4), (record.System.ProviderName!, record.System.EventId!.Value, record.System.Level!.Value, record.System.Task!.Value));
        Assert.Equal(("Linux-Auth", "web1.example", 9UL), (record.System.Channel!, record.System.Computer!, record.System.RecordId!.Value));
        Assert.Equal(("{01234567-89ab-cdef-0123-456789abcdef}", 77L, "S-1-22-1-1000"), (record.System.ActivityId!, record.System.ProcessId!.Value, record.System.UserId!));
        Assert.Contains("SystemTime=\"2026-05-04T03:02:01.0000010Z\"", record.Xml);
    }

    [Fact]
    public void The_properties_that_answer_a_query_before_XML_is_written_are_those_that_are_in_the_XML()
    {
        var log = Log(("MESSAGE", "x"), ("PRIORITY", "7"), ("SYSLOG_IDENTIFIER", "a & \"b\""), ("_PID", "1"), ("_UID", "0"), ("_SYSTEMD_INVOCATION_ID", "0123456789abcdef0123456789abcdef"));
        var system = new EventComposer("web1").SystemOf(log, Kind with { Keywords = EventKind.Classic | EventKind.AuditFailure }, Kind.Channel, 7);

        Assert.Equal(system, EventRecord.Read(EventComposer.Compose(log, Kind, system)).System);
    }

    [Fact]
    [Trait("Feature", "SRC-05")]
    public void RenderingInfo_is_only_in_rendered_events()
    {
        Assert.DoesNotContain("RenderingInfo", Compose(Log(("MESSAGE", "x")), rendered: false));
        Assert.Contains("<RenderingInfo Culture=\"en-US\"><Message>x</Message>", Compose(Log(("MESSAGE", "x")), rendered: true));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("99999999999999999999")]
    [InlineData("yesterday")]
    public void A_time_that_cannot_be_one_gives_way_to_when_it_was_taken(string time) =>
        Assert.Equal(Received, Log(("_SOURCE_REALTIME_TIMESTAMP", time)).Time);

    [Fact]
    public void Binary_control_characters_and_ten_megabytes_end_in_well_formed_XML_of_bounded_size()
    {
        var log = Log(("MESSAGE", "a\u0001]]>" + new string('ä', 5 * 1024 * 1024)));
        log.Add("BLOB", [0, 0xFF, 1]);

        var xml = Compose(log, rendered: true);

        var data = XDocument.Parse(xml).Descendants().Where(e => e.Name.LocalName == "Data").ToDictionary(e => e.Attribute("Name")!.Value, e => e.Value);
        Assert.Equal("00FF01", data["BLOB.hex"]);
        Assert.EndsWith("ä", data["MESSAGE"]);
        Assert.InRange(Encoding.UTF8.GetByteCount(xml), 1, 4 * LogFields.MaxField);
    }

    private static string Compose(LogFields log, bool rendered)
    {
        var system = new EventComposer("web1.example").SystemOf(log, Kind, Kind.Channel, 9);
        var xml = EventComposer.Compose(log, Kind, system);
        return rendered ? EventComposer.Render(xml, log, system) : xml;
    }

    private static LogFields Log(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var log = new LogFields { Received = Received };
        foreach (var (name, value) in fields)
        {
            log.Add(name, value);
        }

        return log;
    }
}
