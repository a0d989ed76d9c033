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
            ("_SOURCE_REALTIME_TIMESTAMP", "1777863721000001"));

        var record = EventRecord.Read(new EventComposer("web1.example").Compose(log, Kind, 9, rendered: true));

        Assert.False(record.IsBroken, record.Problem);
        Assert.Equal(("sshd", 40123, "Linux-Auth", "web1.example", 9UL), ((string)record.System.ProviderName!, (int)record.System.EventId!, record.System.Channel!, record.System.Computer!, record.System.RecordId!.Value));
        Assert.Equal("refused <b>", record.Message);
        Assert.Contains("SystemTime=\"2026-05-04T03:02:01.0000010Z\"", record.Xml);
        Assert.Contains("UserID=\"S-1-22-1-1000\"", record.Xml);
    }

    [Fact]
    public void RenderingInfo_is_only_in_rendered_events() =>
        Assert.DoesNotContain("RenderingInfo", new EventComposer("web1").Compose(Log(("MESSAGE", "x")), Kind, 1, rendered: false));

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

        var xml = new EventComposer("web1").Compose(log, Kind, 1, rendered: true);

        var data = XDocument.Parse(xml).Descendants().Where(e => e.Name.LocalName == "Data").ToDictionary(e => e.Attribute("Name")!.Value, e => e.Value);
        Assert.Equal("00FF01", data["BLOB.hex"]);
        Assert.EndsWith("ä", data["MESSAGE"]);
        Assert.InRange(Encoding.UTF8.GetByteCount(xml), 1, 4 * EventComposer.MaxField);
    }

    private static LogFields Log(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var log = new LogFields { Received = Received };
        foreach (var (name, value) in fields)
        {
            log.Add(name, Encoding.UTF8.GetBytes(value));
        }

        return log;
    }
}
