using Farwire.Collector.Sources;
using Farwire.Collector.Store;

namespace Farwire.Collector.Tests.Sources;

public sealed class SourceRatesTests
{
    private static readonly DateTime Begin = new(2026, 1, 10, 9, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Events_are_counted_in_the_minute_in_which_they_were_first_seen()
    {
        var rates = new SourceRates();
        rates.Sample([State("a", 100)], Begin);
        rates.Sample([State("a", 103), State("b", 2)], Begin.AddSeconds(50));
        rates.Sample([State("a", 103), State("b", 4)], Begin.AddMinutes(1));
        rates.Sample([State("a", 110), State("b", 4)], Begin.AddMinutes(3));

        Assert.Equal([3, 0, 0, 7], rates.Of("A", "base").TakeLast(4));
        Assert.Equal([2, 2, 0, 0], rates.Of("b", "BASE").TakeLast(4));
        Assert.Equal([5, 2, 0, 7], rates.Total.TakeLast(4));
        Assert.Equal(SourceRates.Minutes, rates.Total.Count);
    }

    [Fact]
    public void What_is_older_than_the_plot_is_forgotten()
    {
        var rates = new SourceRates();
        rates.Sample([State("a", 0)], Begin);
        rates.Sample([State("a", 5)], Begin.AddMinutes(1));

        rates.Sample([State("a", 5)], Begin.AddMinutes(SourceRates.Minutes));
        Assert.Equal(5, rates.Of("a", "base")[0]);
        rates.Sample([State("a", 5)], Begin.AddMinutes(SourceRates.Minutes + 1));
        Assert.All(rates.Of("a", "base"), count => Assert.Equal(0, count));
        rates.Sample([State("a", 6)], Begin.AddDays(30));
        Assert.Equal(1, rates.Total.Sum());
    }

    [Fact]
    public void A_clock_that_goes_back_loses_no_count()
    {
        var rates = new SourceRates();
        rates.Sample([State("a", 0)], Begin);
        rates.Sample([State("a", 5)], Begin.AddHours(-1));

        Assert.Equal(5, rates.Of("a", "base")[^1]);
        Assert.All(rates.Of("nobody", "base"), count => Assert.Equal(0, count));
    }

    private static SourceState State(string source, long events) => new(source, "base") { Events = events };
}
