using System.Xml.Linq;
using Farwire.Events.Records;

namespace Farwire.Events.Tests.Records;

public sealed class EventRecordTests
{
    [Fact]
    public void Every_sample_is_read_as_a_DOM_reads_it()
    {
        Assert.True(Samples.Events.Count > 680, $"only {Samples.Events.Count} samples");
        foreach (var (xml, record) in Samples.Xml.Zip(Samples.Events))
        {
            Assert.Null(record.Problem);
            Same(XElement.Parse(xml, LoadOptions.PreserveWhitespace), record.Root);
            var system = XElement.Parse(xml).Elements().Single(e => e.Name.LocalName == "System");
            string? Of(string name, string? attribute = null) => system.Elements().FirstOrDefault(e => e.Name.LocalName == name) is not { } element ? null
                : attribute is null ? element.Value.Trim() : (string?)element.Attribute(attribute);
            Assert.Equal(Of("Provider", "Name"), record.System.ProviderName);
            Assert.Equal(Of("EventID"), record.System.EventId?.ToString());
            Assert.Equal(Of("EventID", "Qualifiers"), record.System.Qualifiers?.ToString());
            Assert.Equal(Of("Level"), record.System.Level?.ToString());
            Assert.Equal(Of("EventRecordID"), record.System.RecordId?.ToString());
            Assert.Equal(Of("Channel"), record.System.Channel);
            Assert.Equal(Of("Computer"), record.System.Computer);
            Assert.Equal(Of("Security", "UserID"), record.System.UserId);
            Assert.Equal(Of("Execution", "ThreadID"), record.System.ThreadId?.ToString());
            Assert.Equal(Of("Keywords"), record.System.Keywords is { } keywords ? $"0x{keywords:x}" is var hex && Of("Keywords")!.Length == 18 ? $"0x{keywords:x16}" : hex : null);
            Assert.Equal(Of("TimeCreated", "SystemTime"), record.System.TimeText ?? EventTime.Format(record.System.TimeCreated!.Value));
        }
    }

    [Fact]
    public void A_rendered_event_tells_its_message() =>
        Assert.StartsWith("An account was successfully logged on.\r\n", Samples.Events.Single(e => e.System.RecordId == 1298116).Message, StringComparison.Ordinal);

    [Fact]
    public void The_marker_of_a_new_subscription_is_known() =>
        Assert.Single(Samples.Events, e => e.IsBookmarkMarker);

    [Theory]
    [InlineData("<Event><System><EventID>1</EventID></System>", "the text ends inside an element")]
    [InlineData("<Event><System><EventID>1</EventID></System><EventData><Data>x</EventData></Event>", "an end tag does not match its start")]
    [InlineData("<Event><System><EventID>1</EventID></System></Event><Event/>", "there is a second event")]
    [InlineData("<Event><System><EventID>1</EventID></System><a b=c/></Event>", "an attribute is not of the form name=\"value\"")]
    [InlineData("<Event><System><EventID>1</EventID></System><!DOCTYPE x></Event>", "a document type is not taken")]
    [InlineData("<Event><System><EventID>1</EventID></System><![CDATA[x</Event>", "a CDATA section has no end")]
    [InlineData("<Event><System><EventID>1</EventID></System></Event> and more", "there is text outside of the event")]
    [InlineData("<Record><System><EventID>1</EventID></System></Record>", "the element is 'Record', not 'Event'")]
    public void A_broken_event_keeps_its_text_and_what_could_be_read(string xml, string problem)
    {
        var record = EventRecord.Read(xml);

        Assert.Equal(problem, record.Problem);
        Assert.Equal(xml, record.Xml);
        Assert.Equal(1, record.System.EventId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("<Event/>")]
    [InlineData("<")]
    [InlineData("<Event a='")]
    public void What_is_no_event_at_all_is_kept_and_marked(string xml)
    {
        var record = EventRecord.Read(xml);

        Assert.True(record.IsBroken);
        Assert.Null(record.System.EventId);
        Assert.NotNull(record.Root);
    }

    [Fact]
    public void Forbidden_characters_become_visible_and_nothing_else_changes()
    {
        var record = EventRecord.Read("<Event><System><EventID>7</EventID></System><EventData><Data>a\u0005b&#x1F;c\ud800d\U0001F600</Data></EventData></Event>");

        Assert.False(record.IsBroken);
        Assert.Equal("a\u2405b\u241Fc\uFFFDd\U0001F600", record.Root.Child("EventData")!.Child("Data")!.Value);
        Assert.Equal("a\u2405b", EventText.Clean("a\u0005b"));
    }

    [Fact]
    public void Any_cut_of_an_event_is_kept_and_never_throws()
    {
        var xml = Samples.Xml.First(x => x.Contains("RenderingInfo", StringComparison.Ordinal)).Trim();
        for (var length = 0; length < xml.Length; length++)
        {
            var record = EventRecord.Read(xml[..length]);
            Assert.True(record.IsBroken);
            Assert.True(length < 400 || record.System.EventId == 4624);
            _ = record.Root.Value;
        }
    }

    [Theory]
    [InlineData("2026-01-10T09:00:00Z", 0)]
    [InlineData("2026-01-10T09:00:00.1Z", 1_000_000)]
    [InlineData("2026-01-10T09:00:00.123456789Z", 1_234_567)]
    [InlineData("2026-01-10T10:00:00+01:00", 0)]
    [InlineData("2026-02-30T00:00:00Z", -1)]
    [InlineData("yesterday", -1)]
    public void Times_have_up_to_nine_decimals(string text, long ticks)
    {
        var read = EventTime.TryParse(text, out var time);

        Assert.Equal(ticks >= 0, read);
        Assert.True(!read || time == new DateTime(2026, 1, 10, 9, 0, 0, DateTimeKind.Utc).AddTicks(ticks));
    }

    private static void Same(XElement expected, EventElement actual)
    {
        Assert.Equal(expected.Name.LocalName, actual.Name);
        Assert.Equal(
            expected.Attributes().Where(a => !a.IsNamespaceDeclaration).Select(a => (a.Name.LocalName, a.Value)),
            actual.Attributes.Select(a => (a.Key, a.Value)));
        if (!expected.HasElements)
        {
            Assert.Equal(expected.Value.ReplaceLineEndings("\n"), actual.Value.ReplaceLineEndings("\n"));
        }

        Assert.Equal(expected.Elements().Count(), actual.Children.Count);
        foreach (var (e, a) in expected.Elements().Zip(actual.Children))
        {
            Same(e, a);
        }
    }
}
