using Farwire.Collector.Sources;
using Farwire.Events.Records;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Tests.Sources;

public sealed class BatchFindingsTests
{
    private static readonly SubscriptionDefinition Everything = new()
    {
        Id = "all",
        Query = "<QueryList><Query Path=\"Security\"><Select>*</Select></Query><Query><Select Path=\"System\">*</Select><Suppress Path=\"System\">*[System[Level=4]]</Suppress></Query></QueryList>",
    };

    private const string AtTen = "<BookmarkList><Bookmark Channel=\"Security\" RecordId=\"10\"/><Bookmark Channel=\"System\" RecordId=\"10\"/></BookmarkList>";

    [Theory]
    [InlineData("Security", new[] { 11, 12 }, 0, 0)]
    [InlineData("Security", new[] { 14, 15, 18 }, 5, 0)] // 11 to 13, 16 and 17
    [InlineData("System", new[] { 14, 18 }, 0, 0)] // some are suppressed there: a gap says nothing
    [InlineData("Security", new[] { 1, 2 }, 0, 1)]
    [InlineData("System", new[] { 3 }, 0, 1)]
    [InlineData("Security", new[] { 9, 10 }, 0, 0)] // came twice
    [InlineData("Application", new[] { 7 }, 0, 0)] // never seen before
    public void Numbers_tell_of_records_that_never_came_and_of_logs_that_were_cleared(string channel, int[] records, int missing, int cleared) => Assert.Equal(
        new BatchFindings(missing, cleared, 0),
        BatchFindings.Of(Everything, "ann", AtTen, [.. records.Select(record => Sample.Event(1, record, channel))]));

    [Fact]
    public void Without_a_bookmark_nothing_is_known() => Assert.Equal(default, BatchFindings.Of(Everything, "ann", null, [Sample.Event(1, 50)]));

    [Fact]
    public void An_event_that_says_that_a_log_was_cleared_is_believed() => Assert.Equal(
        1, BatchFindings.Of(Everything, "ann", AtTen, [EventRecord.Read(Sample.Event(1102, 11).Xml.Replace("'Test'", "'Microsoft-Windows-Eventlog'", StringComparison.Ordinal))]).Cleared);

    [Theory]
    [InlineData("SRC01$@CORP.EXAMPLE", "src01.corp.example", 0)]
    [InlineData("src01.corp.example", "SRC01", 0)]
    [InlineData("host/src01.corp.example@CORP.EXAMPLE", "src01", 0)]
    [InlineData("SRC01$@CORP.EXAMPLE", "dc01.corp.example", 1)]
    [InlineData("src01.corp.example", "src02.corp.example", 1)]
    [InlineData("ann", "src02", 0)] // a user may speak for many
    [InlineData("CORP\\ann", "src02", 0)]
    public void A_computer_that_is_not_the_source_is_noticed(string source, string computer, int strange) =>
        Assert.Equal(strange, BatchFindings.Of(Everything, source, null, [Sample.Event(1, 1, computer: computer)]).Strange);
}
