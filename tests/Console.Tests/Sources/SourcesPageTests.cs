using Farwire.Collector.Sources;
using Farwire.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Farwire.Console.Tests.Sources;

public sealed class SourcesPageTests(Browser browser)
{
    [Fact]
    public async Task Each_source_shows_how_it_fares_and_the_silent_ones_can_be_picked()
    {
        var time = new ManualTime();
        await using var service = await PageService.StartAsync(time);
        service.Subscribe("baseline");
        var now = time.GetUtcNow().UtcDateTime;
        service.Collector.Store.Note("loud", "baseline", state => state with { LastSeen = now, LastDelivery = now, LastEventTime = now.AddSeconds(-3) });
        service.Collector.Store.Note("silent", "baseline", state => state with { LastSeen = now.AddDays(-2), LastError = "The network <is> gone", MissingRecords = 7 });
        await using var window = await browser.OpenAsync(service);

        await window.Page.GotoAsync("/sources");
        var loud = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "loud" });
        await Expect(loud).ToContainTextAsync("Active");
        await Expect(loud).ToContainTextAsync("3 s");

        await window.Page.GetByLabel("State").SelectOptionAsync(new SelectOptionValue { Label = "Inactive (1)" });
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        var silent = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "silent" });
        await Expect(silent).ToContainTextAsync("7 records missing");
        await Expect(silent).ToContainTextAsync("The network <is> gone");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task The_rate_of_a_source_is_plotted()
    {
        var time = new ManualTime();
        await using var service = await PageService.StartAsync(time);
        service.Subscribe("baseline");
        foreach (var events in new[] { 2, 5, 1 })
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await service.StoreAsync([.. Enumerable.Range(1, events).Select(id => PageService.Event(id))]);
            service.Collector.Rates.Sample(service.Collector.Store.Sources, time.GetUtcNow().UtcDateTime);
        }

        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync("/sources");

        var plot = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "src01" }).GetByRole(AriaRole.Img);
        await Expect(plot).ToHaveAccessibleNameAsync($"Events a minute in the last {SourceRates.Minutes} minutes: at most 5, in all 8, this minute 1");
        var points = await plot.Locator("polyline").GetAttributeAsync("points");
        Assert.Equal(SourceRates.Minutes, points!.Split(' ').Length);
        Assert.True((await plot.BoundingBoxAsync())!.Width > 100);
    }
}
