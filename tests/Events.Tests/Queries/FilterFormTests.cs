using Farwire.Events.Queries;

namespace Farwire.Events.Tests.Queries;

public sealed class FilterFormTests
{
    public static TheoryData<FilterForm, string> Forms => new()
    {
        { new FilterForm(), "*" },
        { new FilterForm { Levels = [1, 2] }, "*[System[(Level=1 or Level=2)]]" },
        { new FilterForm { Providers = ["EventLog", "O'Brien"] }, "*[System[Provider[@Name='EventLog' or @Name=\"O'Brien\"]]]" },
        { new FilterForm { EventIds = EventIdRange.ParseList("1,3,5-99,-76,-80-85") }, "*[System[(EventID=1 or EventID=3 or (EventID>=5 and EventID<=99)) and EventID!=76 and (EventID<80 or EventID>85)]]" },
        { new FilterForm { EventIds = EventIdRange.ParseList("7000-7045") }, "*[System[((EventID>=7000 and EventID<=7045))]]" },
        { new FilterForm { Channels = ["System"], Computers = ["a", "b"], Tasks = [7] }, "*[System[(Task=7) and (Channel='System') and (Computer='a' or Computer='b')]]" },
        { new FilterForm { Keywords = 0x8000000000000000, UserId = "S-1-5-18" }, "*[System[band(Keywords,9223372036854775808) and Security[@UserID='S-1-5-18']]]" },
        { new FilterForm { Last = TimeSpan.FromHours(1) }, "*[System[TimeCreated[timediff(@SystemTime) <= 3600000]]]" },
        {
            new FilterForm { From = new DateTime(2017, 1, 1, 0, 0, 0, DateTimeKind.Utc), To = new DateTime(2017, 8, 1, 0, 0, 0, DateTimeKind.Utc) },
            "*[System[TimeCreated[@SystemTime>='2017-01-01T00:00:00.0000000Z' and @SystemTime<='2017-08-01T00:00:00.0000000Z']]]"
        },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Fields_become_XPath_and_XPath_the_same_fields(FilterForm form, string xpath)
    {
        Assert.Equal(xpath, form.ToXPath());
        Assert.Equivalent(form, FilterForm.FromXPath(xpath), strict: true);
    }

    [Theory]
    [InlineData("*[System[Level=2]]", "(Level=2)")]
    [InlineData("*[System[(Level=1  or Level=2) and ( (EventID >= 1 and EventID <= 5) )]]", "(Level=1 or Level=2)")]
    [InlineData("Event[System[Provider[@Name='a'] and TimeCreated[timediff(@SystemTime) <= 86400000]]]", "Provider[@Name='a']")]
    [InlineData("*[System[EventID=1]][System[Level=2]]", "(Level=2)")]
    public void What_the_Event_Viewer_and_people_write_is_understood(string xpath, string part) =>
        Assert.Contains(part, FilterForm.FromXPath(xpath)!.ToXPath(), StringComparison.Ordinal);

    [Theory]
    [InlineData("*[EventData[Data[@Name='a']='b']]")]
    [InlineData("*[System[Level=2] and EventData]")]
    [InlineData("*[System[Level=2 or EventID=3]]")]
    [InlineData("*[System[Level=2 and Level=3]]")]
    [InlineData("*[System[Level>2]]")]
    [InlineData("*[System[EventID=1.5]]")]
    [InlineData("*[System[Provider[@Guid='x']]]")]
    [InlineData("*[System[band(Keywords,1)=0]]")]
    [InlineData("*[System[TimeCreated[timediff(@SystemTime) >= 10]]]")]
    [InlineData("*[System[Security[@UserID='a' or @UserID='b']]]")]
    [InlineData("*[System[Version=1]]")]
    [InlineData("*[System[EventID[@Qualifiers=1]]]")]
    [InlineData("Event/System[Level=2]")]
    [InlineData("*[System[Level=2]] or *[System[Level=3]]")]
    public void What_has_no_field_is_not_shown_as_if_it_had(string xpath) => Assert.Null(FilterForm.FromXPath(xpath));

    [Theory]
    [InlineData("2,3,7000-7045,-7036", 1)]
    [InlineData("-4624,-7000-7045", 1)]
    [InlineData("6005-6013", 1)]
    public void Ids_take_the_events_that_the_list_says(string ids, int least)
    {
        var ranges = EventIdRange.ParseList(ids);
        var filter = EventFilter.Parse(new FilterForm { EventIds = ranges }.ToXPath());
        var wanted = Samples.Events.Where(record => record.System.EventId is { } id
            && (ranges.All(range => range.IsExcluded) || ranges.Any(range => !range.IsExcluded && id >= range.First && id <= range.Last))
            && !ranges.Any(range => range.IsExcluded && id >= range.First && id <= range.Last)).ToList();

        Assert.True(wanted.Count >= least);
        Assert.Equal(wanted, Samples.Events.Where(filter.Matches));
        Assert.Equal(ids, string.Join(',', ranges));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("5-1")]
    [InlineData("1-2-3")]
    [InlineData("--1")]
    [InlineData("-")]
    [InlineData("99999999999")]
    public void What_is_no_id_is_refused(string ids) => Assert.Throws<EventQueryException>(() => EventIdRange.ParseList(ids));

    [Fact]
    public void A_name_that_XPath_cannot_write_is_refused() =>
        Assert.Throws<EventQueryException>(() => new FilterForm { Providers = ["a'b\"c"] }.ToXPath());
}
