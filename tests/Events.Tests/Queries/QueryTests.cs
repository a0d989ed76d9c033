using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Events.Subscriptions;

namespace Farwire.Events.Tests.Queries;

public sealed class QueryTests
{
    private static readonly EventFilterOptions Walking = new() { TypedTests = false };

    private static readonly IReadOnlyList<(EventRecord Event, ReferenceEvaluator Reference)> Subjects =
        [.. Samples.Xml.Zip(Samples.Events).Select(pair => (pair.Second, new ReferenceEvaluator(pair.First)))];

    [Fact]
    [Trait("Feature", "SRC-03")]
    [Trait("Peer", "System.Xml.XPath")]
    public void Every_published_selection_takes_the_events_that_XPath_itself_takes()
    {
        var compared = 0;
        foreach (var xpath in PublishedXPaths())
        {
            compared++;
            Compare(xpath);
        }

        Assert.True(compared > 90, $"only {compared} selections");
    }

    [Theory]
    [Trait("Feature", "SRC-03")]
    [Trait("Peer", "System.Xml.XPath")]
    [InlineData("*")]
    [InlineData("Event")]
    [InlineData("Event/System")]
    [InlineData("Event[System]")]
    [InlineData("Event/System[Level=2]")]
    [InlineData("*[System[Level=1 or Level=2 or Level=3]]")]
    [InlineData("*[System[Level!=4]]")]
    [InlineData("*[System[Version!=0]]")]
    [InlineData("*[System[EventID>=7000 and EventID<=7045]]")]
    [InlineData("*[System[7036=EventID]]")]
    [InlineData("*[System[EventID='7036']]")]
    [InlineData("*[System/EventID=7036]")]
    [InlineData("*/System/EventID=7036")]
    [InlineData("*[System[Provider[@Name='Service Control Manager' or @Name='EventLog']]]")]
    [InlineData("*[System/Provider/@Name='EventLog']")]
    [InlineData("*[System[Provider[@Guid]]]")]
    [InlineData("*[System[Execution[@ProcessID=4 and @ThreadID>8]]]")]
    [InlineData("*[System[EventID[@Qualifiers=32768]]]")]
    [InlineData("*[System[EventID=6005]] or *[System[EventID=6009]]")]
    [InlineData("((*[System[EventID=6005]]) or (*[EventData[Data='10']]))")]
    [InlineData("*[System[Security[@UserID='S-1-5-18']]] and *[EventData]")]
    [InlineData("*[System[band(Keywords,36028797018963968)=0]]")]
    [InlineData("*[System[TimeCreated[timediff(@SystemTime,'2017-07-13T00:00:00.0000000Z') < 25000000]]]")]
    [InlineData("*[EventData[Data[@Name='param1']='Windows Update']]")]
    [InlineData("*[EventData[Data[@Name='param1']!='Windows Update']]")]
    [InlineData("*[EventData[Data[@Name='LogonType'] and (Data='5')]]")]
    [InlineData("*[EventData[Data[1]='10']]")]
    [InlineData("*[EventData[Data[2]]]")]
    [InlineData("*[EventData[Data[position()=2]='running']]")]
    [InlineData("*[EventData[Data[@Name][2]]]")]
    [InlineData("*[EventData[Data[@Name='MajorVersion']>=10]]")]
    [InlineData("*[EventData[Data[@Name='BuildVersion']>5]]")]
    [InlineData("*[EventData[Data[@Name='nowhere']='x']]")]
    [InlineData("*[System[EventID=6009] and EventData[Data]]")]
    [InlineData("*[System[EventID=6009 or Level=2]][EventData[Data[1]]]")]
    [InlineData("*[System[Provider[@Name='EventLog']] or EventData[Data[@Name='param1']]]")]
    [InlineData("*[UserData[EventXML[User='x' or SessionID>1]]]")]
    [InlineData("*[UserData[*[*='Administrator']]]")]
    [InlineData("*[UserData/*/SubjectUserName='test_user']")]
    [InlineData("*[child::System[attribute::x or child::Level=4]]")]
    [InlineData("*[RenderingInfo[@Culture='en-US']]")]
    [InlineData("*[System[Computer!='computer']]")]
    [InlineData("*[System[Channel='Security' and not-a-name=1]]")]
    [InlineData("*[System[EventID=EventRecordID]]")]
    public void A_query_takes_the_events_that_XPath_itself_takes(string xpath) => Compare(xpath);

    [Fact]
    public void A_time_compares_as_a_time_and_hexadecimal_as_a_number()
    {
        var record = EventRecord.Read("<Event><System><EventID>1</EventID><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-01-10T09:00:00.0000000Z'/></System><EventData><Data Name='p'>0x314</Data></EventData></Event>");

        foreach (var options in new[] { EventFilterOptions.Default, Walking })
        {
            bool Takes(string xpath) => EventFilter.Parse(xpath, options).Matches(record);
            Assert.True(Takes("*[System[TimeCreated[@SystemTime>='2026-01-10T09:00:00Z' and @SystemTime<'2026-01-10T09:00:00.001Z']]]"));
            Assert.False(Takes("*[System[TimeCreated[@SystemTime>'2026-01-10T09:00:00Z']]]"));
            Assert.True(Takes("*[EventData[Data[@Name='p']=788]]"));
            Assert.True(Takes("*[System[band(Keywords,9007199254740992)]]")); // to XPath itself a number in brackets is a place
            Assert.False(Takes("*[System[band(Keywords,4503599627370496)]]"));
            Assert.True(Takes("*[System[Keywords=0x8020000000000000]]"));
            Assert.True(Takes("*[System[band(Keywords,0x20000000000000)!=0]]"));
        }
    }

    [Theory]
    [InlineData("<Data Name='a&#98;c'>1</Data>", true)]
    [InlineData("<Data Name='abc'>1</Data>", true)]
    [InlineData("<Data Name='abd'>1</Data>", false)]
    [InlineData("<Data Name='abd'>abc &amp; 1</Data>", false)]
    public void A_name_is_found_however_it_is_written(string data, bool takes)
    {
        var record = EventRecord.Read($"<Event><System><EventID>1</EventID></System><EventData>{data}</EventData></Event>");

        Assert.All(new[] { EventFilterOptions.Default, Walking }, options =>
            Assert.Equal(takes, EventFilter.Parse("*[System[EventID=1] and EventData[Data[@Name='abc']=1]]", options).Matches(record)));
    }

    [Fact]
    public void Timediff_with_one_time_counts_from_now()
    {
        var options = new EventFilterOptions { Time = new FixedTime(new DateTimeOffset(2026, 1, 10, 9, 0, 10, TimeSpan.Zero)) };
        var record = EventRecord.Read("<Event><System><EventID>1</EventID><TimeCreated SystemTime='2026-01-10T09:00:00Z'/></System></Event>");

        foreach (var each in new[] { options, options with { TypedTests = false } })
        {
            Assert.True(EventFilter.Parse("*[System[TimeCreated[timediff(@SystemTime) <= 10000]]]", each).Matches(record));
            Assert.False(EventFilter.Parse("*[System[TimeCreated[timediff(@SystemTime) < 10000]]]", each).Matches(record));
        }
    }

    [Fact]
    public void Case_counts_unless_told_otherwise()
    {
        var record = EventRecord.Read("<Event><System><Provider Name='EventLog'/><EventID>1</EventID></System></Event>");

        Assert.False(EventFilter.Parse("*[System[Provider[@Name='eventlog']]]").Matches(record));
        Assert.True(EventFilter.Parse("*[System[Provider[@Name='eventlog']]]", new EventFilterOptions { IgnoreCase = true }).Matches(record));
    }

    [Theory]
    [InlineData("", "a name, a number")]
    [InlineData("System[Level=1]", "begins with '*' or 'Event'")]
    [InlineData("*[System[Level=]]", "a name, a number")]
    [InlineData("*[System[Level=1]", "']'")]
    [InlineData("*[System[(Level=1]]", "')'")]
    [InlineData("*[contains(Level,'1')]", "'contains' is none of")]
    [InlineData("*[starts-with(Level,'1')]", "'starts-with' is none of")]
    [InlineData("*[not(System)]", "'not' is none of")]
    [InlineData("//Data", "a name or '*'")]
    [InlineData("*[parent::x]", "the axis 'parent'")]
    [InlineData("*[System[Level=1 xor Level=2]]", "needs ']'")]
    [InlineData("*[System['x']]", "a comparison after a text")]
    [InlineData("*[System[Level='1]]", "no closing '")]
    [InlineData("*[$x=1]", "'$'")]
    [InlineData("*[System[Level=1]] *", "'and', 'or' or its end")]
    [InlineData("*[position()]", "neither yes nor no")]
    public void A_query_outside_of_the_subset_is_refused_with_its_reason(string xpath, string reason) =>
        Assert.Contains(reason, Assert.Throws<EventQueryException>(() => EventFilter.Parse(xpath)).Message, StringComparison.Ordinal);

    [Fact]
    public void Depth_terms_and_length_are_limited()
    {
        Assert.Throws<EventQueryException>(() => EventFilter.Parse(new string('(', 40) + "*" + new string(')', 40)));
        Assert.Throws<EventQueryException>(() => EventFilter.Parse(string.Join(" or ", Enumerable.Repeat("*[System[Level=1]]", 600))));
        Assert.Throws<EventQueryException>(() => EventFilter.Parse("*" + new string(' ', 70_000)));
        Assert.Throws<EventQueryException>(() => EventQuery.Parse("<QueryList>" + string.Concat(Enumerable.Range(0, 257).Select(i => $"<Query><Select Path='c{i}'>*</Select></Query>")) + "</QueryList>"));
        EventFilter.Parse(string.Concat(Enumerable.Repeat("(", 30)) + "*" + new string(')', 30));
    }

    [Fact]
    public void Random_text_is_a_query_or_refused_and_nothing_else()
    {
        var random = new Random(4711);
        const string pieces = "*[]()@/='\"<>!,. 0123456789xSystemEventDataLevelandor:";
        for (var i = 0; i < 20_000; i++)
        {
            var text = "*[" + string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)])) + "]";
            try
            {
                EventFilter.Parse(text).Matches(Samples.Events[0]);
            }
            catch (EventQueryException)
            {
                // Refused: that is an answer.
            }
        }
    }

    [Fact]
    [Trait("Feature", "SRC-03")]
    public void A_list_is_the_union_of_its_queries_less_what_each_suppresses()
    {
        var list = EventQuery.Parse("""
            <QueryList>
              <!-- a comment -->
              <Query Id="0" Path="System">
                <Select>*[System[EventID=1 or EventID=2]]</Select>
                <Suppress>*[System[EventID=2]]</Suppress>
              </Query>
              <Query Id="1"><Select Path="Application">*</Select><Select Path="system">*[System[EventID=3]]</Select></Query>
            </QueryList>
            """);
        static EventRecord Of(string channel, int id) => EventRecord.Read($"<Event><System><EventID>{id}</EventID><Channel>{channel}</Channel></System></Event>");

        Assert.Equal(["Application", "System"], list.Channels.Order(StringComparer.Ordinal));
        Assert.True(list.NeedsSystemOnly);
        Assert.True(list.Matches(Of("System", 1)));
        Assert.False(list.Matches(Of("System", 2)));
        Assert.True(list.Matches(Of("SYSTEM", 3)));
        Assert.True(list.Matches(Of("Application", 2)));
        Assert.False(list.Matches(Of("Security", 1)));
        Assert.True(EventQuery.Parse("<QueryList><Query Path='ForwardedEvents'><Select>*</Select></Query></QueryList>").Matches(Of("Security", 1), "ForwardedEvents"));
    }

    [Theory]
    [InlineData("<QueryList/>", "selects nothing")]
    [InlineData("<QueryList><Query><Select>*</Select></Query></QueryList>", "names no channel")]
    [InlineData("<QueryList>\n<Query Path='a'><Pick>*</Pick></Query></QueryList>", "line 2")]
    [InlineData("<Queries/>", "'QueryList' is expected")]
    [InlineData("<QueryList><Query Path='a'><Select>*", "not well-formed")]
    [InlineData("<!DOCTYPE q []><QueryList/>", "not well-formed")]
    [InlineData("<QueryList><Query Path='file://x.evtx'><Select>*</Select></Query></QueryList>", "saved log")]
    public void A_list_that_is_none_is_refused_with_its_reason(string xml, string reason) =>
        Assert.Contains(reason, Assert.Throws<EventQueryException>(() => EventQuery.Parse(xml)).Message, StringComparison.Ordinal);

    private static IEnumerable<string> PublishedXPaths() =>
        Samples.SubscriptionFiles.Select(row => SubscriptionReader.Read(Samples.Read(row.Data)))
            .SelectMany(subscription => EventQuery.Parse(subscription.Query).Rules)
            .Select(rule => rule.Filter.Text)
            .Distinct(StringComparer.Ordinal);

    private static void Compare(string xpath)
    {
        var filter = EventFilter.Parse(xpath);
        var walking = EventFilter.Parse(xpath, Walking);
        foreach (var (record, reference) in Subjects)
        {
            var expected = reference.Matches(xpath);
            Assert.True(expected == filter.Matches(record), $"{xpath} must be {expected} for {record.Xml}");
            Assert.True(expected == walking.Matches(record), $"{xpath}, walking, must be {expected} for {record.Xml}");
        }
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
