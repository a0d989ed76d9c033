using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Farwire.Peers.Tests.Cim;

/// <summary>curl subscribes to events of instances, and a listener written in Python takes them.</summary>
public sealed class IndicationTests(RunningService service)
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    private const string Modes = "http://schemas.dmtf.org/wbem/wsman/1/wsman";
    private const string All = Soap.Microsoft + "/wmi/root/cimv2/*";

    [Theory]
    [InlineData(Eventing + "/DeliveryModes/Push", Modes + "/Event")]
    [InlineData(Modes + "/PushWithAck", Modes + "/Event")]
    [InlineData(Modes + "/Events", Modes + "/Events")]
    [Trait("Feature", "PRO-24")]
    public async Task Events_are_sent_to_a_listener_in_each_mode_and_wait_for_its_acknowledgement(string mode, string action)
    {
        await using var sink = await Sink.StartAsync(withholds: mode.EndsWith("/Push", StringComparison.Ordinal) ? 0 : 1);
        var mark = Unique();
        var subscribed = await SubscribeAsync(service.Http, mark, $"<e:Delivery Mode=\"{mode}\">{sink.NotifyTo("S1")}<w:ConnectionRetry Total=\"5\">PT0.2S</w:ConnectionRetry></e:Delivery>");
        Assert.True(subscribed.Status == 200, subscribed.Body);

        using var sleep = Process.Start("sleep", mark);
        var first = await sink.NextAsync();
        var second = mode.EndsWith("/Push", StringComparison.Ordinal) ? null : await sink.NextAsync();
        sleep.Kill();

        Assert.Equal(action, Header(first, "Action"));
        Assert.Equal("S1", Header(first, "Identifier"));
        Assert.Equal("mine", Header(first, "Property")); // what the listener's address brought comes back to it
        Assert.Equal("__InstanceCreationEvent", Occurrence(first).Name.LocalName);
        Assert.Equal(sleep.Id.ToString(CultureInfo.InvariantCulture), Occurrence(first).Descendants().Single(e => e.Name.LocalName == "ProcessId").Value);
        if (second is not null)
        {
            // The first was not acknowledged, so it came again, and nothing else before it.
            Assert.NotNull(first.Descendants().SingleOrDefault(e => e.Name.LocalName == "AckRequested"));
            Assert.Equal(Header(first, "MessageID"), Header(second, "MessageID"));
        }
    }

    [Fact]
    [Trait("Feature", "PRO-24")]
    public async Task Pulled_events_are_those_that_happen()
    {
        var mark = Unique();
        var subscribed = await SubscribeAsync(service.Http, mark, $"<e:Delivery Mode=\"{Modes}/Pull\"/>");

        using var sleep = Process.Start("sleep", mark);
        var pulled = await Curl(service.Http).SendAsync(Soap.Pull(All, subscribed.Context, "<n:MaxTime>PT30S</n:MaxTime><n:MaxElements>10</n:MaxElements>"));
        sleep.Kill();

        Assert.Contains("__InstanceCreationEvent", pulled.Body, StringComparison.Ordinal);
        Assert.Contains($">sleep {mark}<", pulled.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-23")]
    public async Task A_subscription_has_an_id_is_renewed_expires_and_is_ended()
    {
        await using var sink = await Sink.StartAsync();
        var mark = Unique();
        var delivery = $"<e:Delivery Mode=\"{Modes}/Events\">{sink.NotifyTo("S1")}</e:Delivery>";
        var longer = Identifier(await SubscribeAsync(service.Http, mark, delivery, "<e:Expires>PT60S</e:Expires>"));
        var shorter = Identifier(await SubscribeAsync(service.Http, mark, delivery, "<e:Expires>PT1.5S</e:Expires>"));
        var moment = await SubscribeAsync(service.Http, mark, delivery, "<e:Expires>2099-01-01T00:00:00Z</e:Expires>");

        var renewed = await AskAsync("Renew", longer, "<e:Expires>PT90S</e:Expires>");
        var ended = await AskAsync("Unsubscribe", longer);
        var again = await AskAsync("Unsubscribe", longer);
        Answer expired;
        do
        {
            expired = await AskAsync("Unsubscribe", "uuid:nobody"); // time passes by asking, until the short one is over
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        while (await IsStandingAsync(mark, sink));

        var gone = await AskAsync("Renew", shorter, "<e:Expires>PT60S</e:Expires>");

        Assert.Matches("^uuid:[0-9A-Fa-f-]{36}$", longer);
        Assert.NotEqual(longer, shorter);
        Assert.Matches("RenewResponse.*<e:Expires>PT90", renewed.Body);
        Assert.Contains("UnsubscribeResponse", ended.Body, StringComparison.Ordinal);
        Assert.All([again, expired, gone], answer => Assert.Equal("2150858789", answer.Code));
        Assert.Equal("2150858784", moment.Code); // a moment is no duration
    }

    [Fact]
    [Trait("Feature", "PRO-23")]
    public async Task Who_asked_for_it_is_told_when_the_source_ends_a_subscription()
    {
        await using var sink = await Sink.StartAsync();
        await using var stopping = new StoppableService();
        await stopping.StartAsync();
        var mark = Unique();
        var subscribed = await SubscribeAsync(
            stopping.Service.Http, mark, $"<e:Delivery Mode=\"{Modes}/Events\">{sink.NotifyTo("S1")}</e:Delivery>", endTo: sink.EndTo("E1"), user: (stopping.Service.User, stopping.Service.Password));
        Assert.True(subscribed.Status == 200, subscribed.Body);

        await stopping.StopAsync();
        var end = await sink.NextAsync();

        Assert.Equal(Eventing + "/SubscriptionEnd", Header(end, "Action"));
        Assert.Equal(["E1", Identifier(subscribed)], end.Descendants().Where(e => e.Name.LocalName == "Identifier").Select(e => e.Value));
        Assert.Equal(Eventing + "/SourceShuttingDown", Header(end, "Status"));
    }

    // As long as the subscription that expires stands, a process that starts is told to the listener.
    private static async Task<bool> IsStandingAsync(string mark, Sink sink)
    {
        using var sleep = Process.Start("sleep", mark);
        var told = await sink.TryNextAsync(TimeSpan.FromSeconds(1));
        sleep.Kill();
        await sleep.WaitForExitAsync(TestContext.Current.CancellationToken);
        return told is not null;
    }

    private Curl Curl(string address, (string Name, string Password)? user = null) => new(address, user is { } u ? $"{u.Name}:{u.Password}" : $"{service.User}:{service.Password}");

    private Task<Answer> SubscribeAsync(string address, string mark, string delivery, string expires = "", string endTo = "", (string, string)? user = null) => Curl(address, user).SendAsync(Soap.Message(
        $"{Eventing}/Subscribe", All,
        $"<e:Subscribe xmlns:e=\"{Eventing}\">{endTo}{delivery}{expires}<w:Filter Dialect=\"{Soap.Microsoft}/WQL\">select * from __InstanceCreationEvent within 0.2 where TargetInstance isa 'Win32_Process' and TargetInstance.CommandLine = 'sleep {mark}'</w:Filter></e:Subscribe>"));

    private Task<Answer> AskAsync(string operation, string identifier, string content = "") => Curl(service.Http).SendAsync(Soap.Message(
        $"{Eventing}/{operation}", All, $"<e:{operation} xmlns:e=\"{Eventing}\">{content}</e:{operation}>", $"<e:Identifier xmlns:e=\"{Eventing}\">{identifier}</e:Identifier>"));

    private static string Unique() => (86000 + (Random.Shared.NextDouble() * 1000)).ToString("F6", CultureInfo.InvariantCulture);

    private static string Identifier(Answer subscribed) => Regex.Match(subscribed.Body, "<e:Identifier>([^<]+)<").Groups[1].Value;

    private static string Header(XElement message, string name) => message.Descendants().First(e => e.Name.LocalName == name).Value;

    private static XElement Occurrence(XElement message) => message.Descendants().First(e => e.Name.LocalName == "__InstanceCreationEvent");

    /// <summary>A service of its own, which the test stops.</summary>
    private sealed class StoppableService : IAsyncDisposable
    {
        private bool _stopped;

        public RunningService Service { get; } = new();

        public async Task StartAsync() => await Service.InitializeAsync();

        public async Task StopAsync()
        {
            _stopped = true;
            await Service.DisposeAsync();
        }

        public ValueTask DisposeAsync() => _stopped ? ValueTask.CompletedTask : Service.DisposeAsync();
    }
}
