using Farwire.Events.Queries;
using Farwire.Protocol.Eventing;
using Farwire.Source.Forwarding;
using Farwire.TestKit;

namespace Farwire.Source.Tests.Forwarding;

public sealed class BatchMakerTests
{
    private readonly GivenEvents _events = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task The_count_fills_a_batch()
    {
        var batch = Make(Terms() with { MaxEvents = 3 });
        _events.Write(5);

        Assert.True(await batch.FillAsync(default));
        Assert.Equal([1UL, 2UL, 3UL], batch.Events.Select(e => e.RecordId));
        Assert.Equal(3UL, batch.Position.Channels.Single().RecordId);
        batch.Clear();
        Assert.False(await batch.FillAsync(default));
        Assert.Equal([4UL, 5UL], batch.Events.Select(e => e.RecordId));
    }

    [Fact]
    public async Task The_age_of_its_oldest_event_sends_a_batch()
    {
        var batch = Make(Terms() with { MaxTime = TimeSpan.FromSeconds(30) });
        Assert.Null(batch.UntilDue);
        _events.Write(1);
        Assert.False(await batch.FillAsync(default));
        _time.Advance(TimeSpan.FromSeconds(20));
        _events.Write(1);
        Assert.False(await batch.FillAsync(default));
        Assert.Equal(TimeSpan.FromSeconds(10), batch.UntilDue);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(await batch.FillAsync(default));
        Assert.Equal(2, batch.Events.Count);
    }

    [Fact]
    public async Task The_event_that_does_not_fit_is_in_the_next_batch_and_not_in_the_bookmark()
    {
        var batch = Make(Terms() with { MaxEnvelopeBytes = 16 * 1024 });
        _events.Write(3, characters: 3000);

        Assert.True(await batch.FillAsync(default));
        Assert.Equal([1UL], batch.Events.Select(e => e.RecordId));
        Assert.Equal(1UL, batch.Position.Channels.Single().RecordId);
        batch.Clear();
        Assert.True(await batch.FillAsync(default));
        Assert.Equal([2UL], batch.Events.Select(e => e.RecordId));
        Assert.Equal(2UL, batch.Position.Channels.Single().RecordId);
    }

    [Fact]
    public async Task Bytes_of_UTF_8_are_counted_as_they_are_sent()
    {
        var batch = Make(Terms() with { MaxEnvelopeBytes = 16 * 1024, IsUtf16 = false });
        _events.Write(3, characters: 3000, 'щ');

        Assert.True(await batch.FillAsync(default));
        Assert.Equal([1UL], batch.Events.Select(e => e.RecordId)); // three thousand letters, six thousand bytes
    }

    [Theory]
    [InlineData("Notify", 1)]
    [InlineData("Skip", 0)]
    internal async Task An_event_larger_than_any_message_is_counted_or_passed_over(string policy, long dropped)
    {
        var batch = Make(Terms() with { MaxEnvelopeBytes = 16 * 1024, Oversize = Enum.Parse<OversizePolicy>(policy) });
        _events.Write(1, characters: 20_000);
        _events.Write(1);

        await batch.FillAsync(default);

        Assert.Equal([2UL], batch.Events.Select(e => e.RecordId));
        Assert.Equal(dropped, batch.Dropped);
    }

    [Fact]
    public async Task An_event_larger_than_any_message_ends_the_subscription_that_says_so()
    {
        var batch = Make(Terms() with { MaxEnvelopeBytes = 16 * 1024, Oversize = OversizePolicy.CancelSubscription });
        _events.Write(1, characters: 20_000);

        await Assert.ThrowsAsync<SubscriptionRefusedException>(async () => await batch.FillAsync(default));
    }

    private static DeliveryTerms Terms() => new()
    {
        Name = "baseline",
        NotifyTo = new EventingReference("https://wec/wsman/subscriptions/1", "1"),
        EndTo = new EventingReference("https://wec/wsman/subscriptions/1", "1"),
        Query = EventQuery.Parse($"<QueryList><Query><Select Path='{GivenEvents.Channel}'>*</Select></Query></QueryList>"),
        MaxEvents = 100,
        MaxTime = TimeSpan.FromSeconds(30),
        MaxEnvelopeBytes = 512_000,
        IsUtf16 = true,
    };

    private BatchMaker Make(DeliveryTerms terms) => new(terms, _events.Open(terms.Query!, null, readExisting: true, rendered: false, ignoreMissing: false), _time);
}
