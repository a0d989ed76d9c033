using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Protocol.Eventing;
using Farwire.Source.Forwarding;
using Farwire.Source.Operational;
using Farwire.Source.State;
using Farwire.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Source.Tests.Forwarding;

public sealed class SubscriptionRunTests : IDisposable
{
    private static readonly Uri Collector = new("https://wec/wsman/SubscriptionManager/WEC");

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-run-").FullName;
    private readonly GivenEvents _events = new();
    private readonly ManualTime _time = new();
    private readonly SpokenCollector _collector = new();

    [Fact]
    public async Task A_start_without_a_bookmark_is_marked_and_the_end_is_told()
    {
        _events.Write(5);
        using var stop = new CancellationTokenSource();
        var run = Run(Terms()).RunAsync(stop.Token);

        var marker = await _collector.NextAsync();
        Assert.True(EventRecord.Read(marker.Events.Single()).IsBookmarkMarker);
        Assert.Equal(5UL, BookmarkList.Read(marker.Headers.Bookmark!)!.Channels.Single().RecordId);
        _events.Write(2);
        Assert.Equal(2, (await _collector.NextAsync()).Events.Count);

        await stop.CancelAsync();
        await run;
        var end = await _collector.NextAsync();
        Assert.Equal("SubscriptionEnd", end.Kind);
        Assert.Equal(SubscriptionEnd.SourceCancelling, ((SubscriptionEnd)end.Body).Status);
    }

    [Fact]
    public async Task What_is_not_acknowledged_is_sent_again_and_its_place_not_kept_before()
    {
        _collector.Refusals = 2;
        _events.Write(2);
        using var stop = new CancellationTokenSource();
        var run = Run(Terms() with { ReadExisting = true }).RunAsync(stop.Token);

        var first = await _collector.NextAsync();
        Assert.Null(new BookmarkFiles(_folder).Read(Collector, "1"));
        for (var again = 0; again < 2; again++)
        {
            await UntilAsync(() => _time.WaitingTimers > 0);
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(first.Events, (await _collector.NextAsync()).Events);
        }

        await UntilAsync(() => new BookmarkFiles(_folder).Read(Collector, "1") is not null);
        await stop.CancelAsync();
        await run;

        // A new run goes on behind them.
        _events.Write(2);
        using var stopAgain = new CancellationTokenSource();
        var later = Run(Terms() with { ReadExisting = true }).RunAsync(stopAgain.Token);
        Assert.Equal("SubscriptionEnd", (await _collector.NextAsync()).Kind);
        var next = await _collector.NextAsync();
        Assert.Contains("<EventRecordID>3<", next.Events[0], StringComparison.Ordinal);
        await stopAgain.CancelAsync();
        await later;
    }

    [Fact]
    public async Task A_silent_source_sends_heartbeats()
    {
        using var stop = new CancellationTokenSource();
        var run = Run(Terms() with { ReadExisting = true }).RunAsync(stop.Token);
        for (var beat = 0; beat < 2; beat++)
        {
            await UntilAsync(() => _time.WaitingTimers > 0);
            _time.Advance(TimeSpan.FromMinutes(15));
            Assert.Equal("Heartbeat", (await _collector.NextAsync()).Kind);
        }

        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task A_limited_rate_holds_events_back_and_not_the_heartbeats()
    {
        _events.Write(4);
        var limit = new RateLimit(2, _time);
        _ = limit.TakeAsync(122, default); // others have taken the next minute
        using var stop = new CancellationTokenSource();
        var run = Run(Terms() with { ReadExisting = true, Heartbeats = TimeSpan.FromSeconds(40), MaxEvents = 100 }, limit).RunAsync(stop.Token);

        await UntilAsync(() => _time.WaitingTimers > 1);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("Heartbeat", (await _collector.NextAsync()).Kind);
        await UntilAsync(() => _time.WaitingTimers > 1);
        _time.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(2, (await _collector.NextAsync()).Events.Count); // a second's worth
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Where_it_began_is_kept_before_the_collector_knows()
    {
        _collector.Refusals = int.MaxValue;
        _events.Write(5);
        using var stop = new CancellationTokenSource();
        var run = Run(Terms()).RunAsync(stop.Token);
        await _collector.NextAsync();
        await stop.CancelAsync();
        await run;
        Assert.Equal("SubscriptionEnd", (await _collector.NextAsync()).Kind);
        _collector.Refusals = 0;
        _events.Write(1);

        using var stopAgain = new CancellationTokenSource();
        var later = Run(Terms() with { MaxEvents = 1 }).RunAsync(stopAgain.Token);

        Assert.Contains("<EventRecordID>6<", (await _collector.NextAsync()).Events.Single(), StringComparison.Ordinal);
        await stopAgain.CancelAsync();
        await later;
    }

    [Fact]
    public async Task A_channel_that_is_not_here_ends_the_subscription_with_15007()
    {
        var terms = Terms() with { Query = EventQuery.Parse("<QueryList><Query><Select Path='Nowhere'>*</Select></Query></QueryList>") };

        await Assert.ThrowsAsync<SubscriptionRefusedException>(() => Run(terms).RunAsync(default));
        var end = (SubscriptionEnd)(await _collector.NextAsync()).Body;
        Assert.Equal(15007U, end.Fault!.Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private static DeliveryTerms Terms() => new()
    {
        Name = "baseline",
        NotifyTo = new EventingReference("https://wec/wsman/subscriptions/1", "1"),
        EndTo = new EventingReference("https://wec/wsman/subscriptions/1", "1"),
        Query = EventQuery.Parse($"<QueryList><Query><Select Path='{GivenEvents.Channel}'>*</Select></Query></QueryList>"),
        AsCData = true,
        MaxEvents = 2,
        MaxTime = TimeSpan.FromSeconds(30),
        MaxEnvelopeBytes = 512_000,
        Heartbeats = TimeSpan.FromMinutes(15),
        RetryInterval = TimeSpan.FromMinutes(1),
        RetryTotal = 5,
    };

    private SubscriptionRun Run(DeliveryTerms terms, RateLimit? rate = null)
    {
        var means = new ForwardingMeans(_events, new BookmarkFiles(_folder), rate ?? new RateLimit(0, _time), new OperationalLog(null, NullLogger.Instance), _time, NullLogger.Instance)
        {
            MachineId = "src01",
        };
        return new SubscriptionRun(Collector, terms, means, new SubscriptionProgress(_time), (_, _) => _collector);
    }
}
