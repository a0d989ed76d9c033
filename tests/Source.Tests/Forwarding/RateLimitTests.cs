using Farwire.Source.Forwarding;
using Farwire.TestKit;

namespace Farwire.Source.Tests.Forwarding;

public sealed class RateLimitTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task What_is_over_the_rate_waits_its_turn()
    {
        var limit = new RateLimit(100, _time);

        await limit.TakeAsync(100, default); // a second's worth may go at once
        var second = limit.TakeAsync(50, default);
        var third = limit.TakeAsync(50, default);
        Assert.False(second.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.5));
        await second;
        Assert.False(third.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.5));
        await third;
    }

    [Fact]
    public void A_source_that_was_quiet_saves_no_more_than_a_second()
    {
        var limit = new RateLimit(100, _time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.True(limit.TakeAsync(100, default).IsCompleted);
        Assert.False(limit.TakeAsync(1, default).IsCompleted);
    }

    [Fact]
    public void Without_a_limit_nothing_waits() => Assert.True(new RateLimit(0, _time).TakeAsync(int.MaxValue, default).IsCompleted);
}
