using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Farwire.Console.Tests.Events;

public sealed class EventsPageTests(Browser browser)
{
    [Fact]
    public async Task What_an_event_says_is_shown_and_never_obeyed()
    {
        const string markup = "<script>alert(1)</script><img src=x onerror=alert(2)>";
        const string attribute = "\" onmouseover=\"alert(3)";
        await using var service = await PageService.StartAsync();
        await service.StoreAsync(PageService.Event(
            4624, provider: Escaped(markup + "'\""), channel: Escaped(attribute), computer: "\u202egnp.exe", data: Escaped(markup),
            more: $"<RenderingInfo><Message>{Escaped(markup)}</Message></RenderingInfo>"));
        await using var window = await browser.OpenAsync(service);

        await window.Page.GotoAsync("/events");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "4624" }).ClickAsync();

        await Expect(window.Page.GetByLabel("Message of the event")).ToHaveTextAsync(markup);
        await Expect(window.Page.Locator("#details dd", new() { HasText = markup }).First).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Cell, new() { Name = attribute })).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "XML" }).ClickAsync();
        await Expect(window.Page.GetByLabel("XML of the event")).ToContainTextAsync("&lt;script&gt;");
        Assert.Equal(0, await window.Page.Locator("main script, img, [onmouseover], [onerror]").CountAsync());
        Assert.Empty(window.Complaints);
        Assert.All(window.Requests, request => Assert.Equal(service.Address.Authority, request.Authority));
    }

    [Fact]
    public async Task A_broken_event_is_shown_as_it_came()
    {
        await using var service = await PageService.StartAsync();
        await service.StoreAsync("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>7</EventID><<<");
        await using var window = await browser.OpenAsync(service);

        await window.Page.GotoAsync("/events?event=1&view=xml");

        await Expect(window.Page.GetByLabel("XML of the event")).ToContainTextAsync("<<<");
        await Expect(window.Page.GetByText("This event is broken")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_the_fields_say_becomes_XPath_and_the_list_follows()
    {
        await using var service = await PageService.StartAsync();
        await service.StoreAsync(PageService.Event(4624), PageService.Event(4625, level: 2), PageService.Event(4625, level: 3), PageService.Event(1102, level: 2, channel: "System"));
        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync("/events");

        await window.Page.GetByText("Filter", new() { Exact = true }).ClickAsync();
        await window.Page.GetByLabel("Error", new() { Exact = true }).CheckAsync();
        await window.Page.GetByLabel("Event IDs").FillAsync("4000-5000,-4624");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Apply fields" }).ClickAsync();

        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(window.Page.GetByRole(AriaRole.Cell, new() { Name = "Error" })).ToBeVisibleAsync();
        await window.Page.GetByText("Filter", new() { Exact = true }).ClickAsync();
        await Expect(window.Page.GetByLabel("The same as XPath")).ToHaveValueAsync("*[System[(Level=2) and ((EventID>=4000 and EventID<=5000)) and EventID!=4624]]");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task What_XPath_says_the_fields_show()
    {
        await using var service = await PageService.StartAsync();
        await service.StoreAsync(PageService.Event(4624), PageService.Event(1, provider: "Other", level: 3));
        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync("/events");

        await window.Page.GetByText("Filter", new() { Exact = true }).ClickAsync();
        await window.Page.GetByLabel("The same as XPath").FillAsync("*[System[Provider[@Name='Other'] and (Level=3 or Level=2) and TimeCreated[@SystemTime>='2026-01-01T00:00:00Z']]]");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Apply XPath" }).ClickAsync();
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await window.Page.GetByText("Filter", new() { Exact = true }).ClickAsync();

        await Expect(window.Page.GetByLabel("Providers")).ToHaveValueAsync("Other");
        await Expect(window.Page.GetByLabel("From (UTC)")).ToHaveValueAsync(new Regex("^2026-01-01T00:00"));
        await Expect(window.Page.GetByLabel("Warning", new() { Exact = true })).ToBeCheckedAsync();
        await Expect(window.Page.GetByLabel("Error", new() { Exact = true })).ToBeCheckedAsync();
        await Expect(window.Page.GetByLabel("Critical", new() { Exact = true })).Not.ToBeCheckedAsync();
    }

    [Fact]
    public async Task XPath_that_is_none_is_explained_where_it_was_written()
    {
        await using var service = await PageService.StartAsync();
        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync("/events?xpath=*%5BSystem%5Bmax(1)%5D%5D");

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the function 'max' is none of position, band and timediff");
        await Expect(window.Page.GetByLabel("The same as XPath")).ToHaveValueAsync("*[System[max(1)]]");
    }

    [Fact]
    public async Task Channels_lead_to_their_events_and_older_ones_follow_on_the_next_page()
    {
        await using var service = await PageService.StartAsync();
        await service.StoreAsync([.. Enumerable.Range(1, 120).Select(id => PageService.Event(id)), PageService.Event(999, channel: "System")]);
        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync("/events");

        await window.Page.GetByRole(AriaRole.Navigation, new() { Name = "Channels and views" }).GetByRole(AriaRole.Link, new() { Name = "Security" }).ClickAsync();

        var seen = new List<string>();
        while (seen.Count < 120)
        {
            await Expect(window.Page.Locator("tbody tr td:nth-child(4)").First).ToHaveTextAsync($"{120 - seen.Count}"); // the page is there
            seen.AddRange(await window.Page.Locator("tbody tr td:nth-child(4)").AllTextContentsAsync());
            if (seen.Count < 120)
            {
                await window.Page.GetByRole(AriaRole.Link, new() { Name = "Older events" }).ClickAsync();
            }
        }

        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "Older events" })).ToHaveCountAsync(0);
        Assert.Equal(Enumerable.Range(1, 120).Reverse().Select(id => $"{id}"), seen);
    }

    [Fact]
    public async Task A_search_that_is_needed_again_gets_a_name()
    {
        await using var service = await PageService.StartAsync();
        await service.StoreAsync(PageService.Event(1), PageService.Event(2));
        await using var window = await browser.OpenAsync(service);
        var views = window.Page.GetByRole(AriaRole.Navigation, new() { Name = "Channels and views" });
        await window.Page.GotoAsync("/events?xpath=*%5BSystem%5BEventID%3D2%5D%5D");

        await window.Page.GetByText("Custom view", new() { Exact = true }).ClickAsync();
        await window.Page.GetByLabel("Name").FillAsync("Only <b>two</b>");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Save this search" }).ClickAsync();
        await Expect(views.GetByRole(AriaRole.Link, new() { Name = "Only <b>two</b>" })).ToBeVisibleAsync();
        await window.Page.GotoAsync("/events");
        await views.GetByRole(AriaRole.Link, new() { Name = "Only <b>two</b>" }).ClickAsync();
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);

        await window.Page.GetByText("Custom view", new() { Exact = true }).ClickAsync();
        await window.Page.GetByLabel("Name").FillAsync("Only <b>two</b>");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Remove the view" }).ClickAsync();
        await Expect(views.GetByRole(AriaRole.Link, new() { Name = "Only <b>two</b>" })).ToHaveCountAsync(0);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Live_events_appear_as_they_are_stored_and_only_those_that_were_asked_for()
    {
        await using var service = await PageService.StartAsync();
        await service.StoreAsync(PageService.Event(1));
        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync("/tail?xpath=*%5BSystem%5BLevel%3D2%5D%5D");
        await Expect(window.Page.GetByText("Connected")).ToBeVisibleAsync();

        await service.StoreAsync(PageService.Event(10, level: 2, provider: "&lt;b&gt;loud&lt;/b&gt;"), PageService.Event(11, level: 4));
        await service.StoreAsync(PageService.Event(12, level: 2));

        var rows = window.Page.Locator("#tail tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync("12");
        await Expect(rows.Nth(1)).ToContainTextAsync("<b>loud</b>");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "10" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Event 10" })).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [InlineData("/events?event=1")]
    [InlineData("/tail")]
    [InlineData("/sources")]
    [InlineData("/subscriptions")]
    [InlineData("/subscriptions/edit")]
    [InlineData("/subscriptions/edit?id=baseline")]
    public async Task Every_page_can_be_read_and_used_without_seeing_it(string path)
    {
        await using var service = await PageService.StartAsync();
        service.Subscribe("baseline");
        await service.StoreAsync(PageService.Event(1));
        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync(path);

        Assert.Equal("en", await window.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal(1, await window.Page.Locator("h1").CountAsync());
        Assert.Equal(1, await window.Page.Locator("main").CountAsync());
        Assert.NotEqual("", await window.Page.TitleAsync());
        Assert.Equal(0, await window.Page.EvaluateAsync<int>(
            """
            () => [...document.querySelectorAll('input:not([type=hidden]),select,textarea,button')].filter(field => !field.labels?.length && !field.textContent.trim()).length
            """));
        Assert.Equal(0, await window.Page.EvaluateAsync<int>("() => [...document.querySelectorAll('a')].filter(link => !link.textContent.trim()).length"));
        Assert.Equal(0, await window.Page.Locator("th:not([scope]), svg:not([aria-label]), nav:not([aria-label])").CountAsync());

        // The first key leads past the navigation.
        await window.Page.Keyboard.PressAsync("Tab");
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page.Locator("main")).ToBeFocusedAsync();
        Assert.Empty(window.Complaints);
    }

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text);
}
