using Farwire.Events.Subscriptions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Farwire.Console.Tests.Subscriptions;

public sealed class SubscriptionEditorTests(Browser browser)
{
    [Fact]
    public async Task A_query_is_checked_and_tried_before_the_subscription_is_saved()
    {
        await using var service = await PageService.StartAsync();
        await service.StoreAsync(PageService.Event(4624, time: DateTime.UtcNow.AddMinutes(-5).ToString("o")), PageService.Event(1, time: DateTime.UtcNow.AddMinutes(-5).ToString("o")));
        await using var window = await browser.OpenAsync(service);
        var page = window.Page;
        await page.GotoAsync("/subscriptions");
        await page.GetByRole(AriaRole.Link, new() { Name = "New subscription" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("logons");

        await page.GetByLabel("Query list").FillAsync("<QueryList><Query Path='Security'><Select>*[System[EventID=4624</Select></Query></QueryList>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check query" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.Null(service.Collector.Subscriptions.Find("logons"));

        await page.GetByLabel("Query list").FillAsync("<QueryList><Query Path='Security'><Select>*[System[EventID=4624]]</Select></Query></QueryList>");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("logons");
        await page.GetByLabel("Names, * allowed").FillAsync("web*\ndb*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check query" }).ClickAsync();
        await Expect(page.GetByText("The query is right")).ToBeVisibleAsync();
        await Expect(page.GetByText("of the events stored in the last day it takes 1")).ToBeVisibleAsync();
        Assert.Null(service.Collector.Subscriptions.Find("logons"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Subscription logons" })).ToBeVisibleAsync();
        var saved = service.Collector.Subscriptions.Find("logons")!;
        Assert.Equal(["web*", "db*"], saved.AllowedPrincipals);
        Assert.Equal(SubscriptionType.SourceInitiated, saved.Type);

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Subscriptions" })).ToBeVisibleAsync();
        Assert.Null(service.Collector.Subscriptions.Find("logons"));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_password_goes_in_and_never_comes_out_and_what_has_no_field_stays()
    {
        await using var service = await PageService.StartAsync();
        service.Put(new SubscriptionDefinition
        {
            Id = "servers",
            Query = "<QueryList><Query Path=\"System\"><Select>*</Select></Query></QueryList>",
            CredentialsType = CredentialsType.Basic,
            CommonUserName = "collector",
            CommonPassword = "s3cret-of-the-collector",
            EventSources = [new EventSource("db01") { Enabled = false, UserName = "own", Password = "s3cret-of-db01" }],
            Locale = "de-DE",
            TransportPort = 5999,
        });
        await using var window = await browser.OpenAsync(service);
        await window.Page.GotoAsync("/subscriptions/edit?id=servers");

        Assert.DoesNotContain("s3cret", await window.Page.ContentAsync(), StringComparison.Ordinal);
        await window.Page.GetByLabel("Description").FillAsync("All \"servers\"");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(window.Page.GetByText("Saved.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByLabel("Description")).ToHaveValueAsync("All \"servers\"");

        var saved = service.Collector.Subscriptions.Find("servers")!;
        Assert.Equal("All \"servers\"", saved.Description);
        Assert.Equal("s3cret-of-the-collector", saved.CommonPassword);
        Assert.Equal(("de-DE", 5999), (saved.Locale, saved.TransportPort));
        Assert.Equal(new EventSource("db01") { Enabled = false, UserName = "own", Password = "s3cret-of-db01" }, Assert.Single(saved.EventSources));
        Assert.DoesNotContain("s3cret", await window.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
