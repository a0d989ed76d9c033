using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;

namespace Farwire.Service.Tests.Subscriptions;

/// <summary>Subscriptions from their beginning to their end, over a clock that stands.</summary>
public sealed class SubscriptionTests
{
    private static readonly EventingReference Sink = new("http://sink/", "S1") { Properties = "<q:Mine xmlns:q=\"urn:q\">7</q:Mine>" };
    private static readonly EventingReference EndSink = new("http://end/", "E1");

    [Theory]
    [InlineData(DeliveryModes.Push, false, Actions.Event)]
    [InlineData(DeliveryModes.PushWithAck, true, Actions.Event)]
    [InlineData(DeliveryModes.Events, true, Actions.Events)]
    [Trait("Feature", "PRO-24")]
    public async Task Events_go_to_the_address_in_the_mode_asked_for(string mode, bool acknowledged, string action)
    {
        await using var spring = new Spring();
        await SubscribeAsync(spring, new Subscribe(new Delivery(mode) { NotifyTo = Sink }));

        spring.Happen("one");
        var message = await spring.NextAsync();

        Assert.Contains($">{action}</a:Action>", message, StringComparison.Ordinal);
        Assert.Contains("<e:Identifier xmlns:e=\"http://schemas.xmlsoap.org/ws/2004/08/eventing\">S1</e:Identifier><q:Mine xmlns:q=\"urn:q\">7</q:Mine>", message, StringComparison.Ordinal);
        Assert.Contains(">spring</m:MachineID>", message, StringComparison.Ordinal);
        Assert.Contains("<Drop xmlns=\"\">one</Drop>", message, StringComparison.Ordinal);
        Assert.Equal(acknowledged, message.Contains("<w:AckRequested", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "PRO-24")]
    public async Task A_batch_holds_what_is_there_and_the_next_waits_for_the_acknowledgement()
    {
        await using var spring = new Spring();
        var idle = spring.Time.WaitingTimers;
        spring.Happen("one", "two", "three", "four");
        await SubscribeAsync(spring, new Subscribe(new Delivery(DeliveryModes.Events) { NotifyTo = Sink, MaxElements = 3, MaxTime = TimeSpan.FromSeconds(5) }) { SendBookmarks = true });

        var first = await spring.NextAsync();
        var waiting = spring.NextAsync(); // the fourth alone is worth a message only when MaxTime is over
        await UntilAsync(() => spring.Arrived.Count == 1 && spring.Time.WaitingTimers > idle);
        Assert.False(waiting.IsCompleted);
        spring.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Matches("one</Drop>.*two</Drop>.*three</Drop>", first);
        Assert.Contains("<w:Bookmark><At xmlns=\"\">three</At></w:Bookmark>", first, StringComparison.Ordinal);
        Assert.Contains("four</Drop>", await waiting, StringComparison.Ordinal);
        await UntilAsync(() => spring.Arrived.Count == 2);
        Assert.Equal(["<At xmlns=\"\">three</At>", "<At xmlns=\"\">four</At>"], spring.Arrived);
    }

    [Fact]
    public async Task Silence_is_broken_by_heartbeats()
    {
        await using var spring = new Spring();
        var idle = spring.Time.WaitingTimers;
        await SubscribeAsync(spring, new Subscribe(new Delivery(DeliveryModes.Events) { NotifyTo = Sink, Heartbeats = TimeSpan.FromMinutes(10) }));

        await UntilAsync(() => spring.Time.WaitingTimers > idle);
        spring.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Contains($">{Actions.Heartbeat}</a:Action>", await spring.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-23")]
    public async Task A_subscription_expires_unless_it_is_renewed()
    {
        await using var spring = new Spring();
        var id = await SubscribeAsync(spring, new Subscribe(new Delivery(DeliveryModes.Push) { NotifyTo = Sink }) { Expires = TimeSpan.FromMinutes(1) });

        spring.Time.Advance(TimeSpan.FromSeconds(50));
        var renewed = Renew.Read((await AskAsync(spring.Channel, Actions.Renew, id, new Renew(TimeSpan.FromMinutes(2)))).Body);
        spring.Time.Advance(TimeSpan.FromSeconds(110));
        var standing = spring.Dispatcher.Subscriptions;
        spring.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromMinutes(2), renewed.Expires);
        Assert.Equal(1, standing);
        Assert.Equal(0, spring.Dispatcher.Subscriptions);
        Assert.Equal(FaultCatalog.InvalidEventingMessage.Code, (await AskAsync(spring.Channel, Actions.Renew, id, new Renew((TimeSpan?)null))).Fault!.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-23")]
    public async Task Only_who_subscribed_can_end_it_and_then_it_is_gone()
    {
        await using var spring = new Spring();
        var id = await SubscribeAsync(spring, new Subscribe(new Delivery(DeliveryModes.Push) { NotifyTo = Sink, }) { EndTo = EndSink });

        var strange = await AskAsync(spring.As("bob"), Actions.Unsubscribe, id, new Unsubscribe());
        var own = await AskAsync(spring.Channel, Actions.Unsubscribe, id, new Unsubscribe());
        var again = await AskAsync(spring.Channel, Actions.Unsubscribe, id, new Unsubscribe());

        Assert.Equal(FaultCatalog.InvalidEventingMessage.Code, strange.Fault!.Code);
        Assert.Null(own.Fault);
        Assert.Equal(FaultCatalog.InvalidEventingMessage.Code, again.Fault!.Code);
        Assert.False(spring.Delivered.Reader.TryRead(out _)); // who ends it himself need not be told
    }

    [Fact]
    [Trait("Feature", "PRO-23")]
    public async Task A_subscriber_that_is_gone_is_tried_again_and_then_its_end_is_told()
    {
        await using var spring = new Spring();
        var idle = spring.Time.WaitingTimers;
        spring.Answers.Enqueue(Spring.Break);
        spring.Answers.Enqueue(Spring.Break);
        await SubscribeAsync(
            spring, new Subscribe(new Delivery(DeliveryModes.PushWithAck) { NotifyTo = Sink, RetryTotal = 2, RetryInterval = TimeSpan.FromSeconds(30) }) { EndTo = EndSink });

        spring.Happen("one");
        var first = await spring.NextAsync();
        await UntilAsync(() => spring.Time.WaitingTimers > idle);
        spring.Time.Advance(TimeSpan.FromSeconds(30));
        var second = await spring.NextAsync();
        var end = await spring.NextAsync();

        Assert.Equal(first, second); // the same message, by its id too
        Assert.Contains($">{Actions.SubscriptionEnd}</a:Action>", end, StringComparison.Ordinal);
        Assert.Contains($"<e:Status>{SubscriptionEnd.DeliveryFailure}</e:Status>", end, StringComparison.Ordinal);
        Assert.Contains(">E1</e:Identifier>", end, StringComparison.Ordinal);
        Assert.Equal(0, spring.Dispatcher.Subscriptions);
    }

    [Fact]
    public async Task A_subscriber_that_refuses_is_left_without_a_word()
    {
        await using var spring = new Spring();
        spring.Answers.Enqueue(Spring.Refuse);
        await SubscribeAsync(spring, new Subscribe(new Delivery(DeliveryModes.Events) { NotifyTo = Sink }) { EndTo = EndSink });

        spring.Happen("one");
        await spring.NextAsync();
        await UntilAsync(() => spring.Dispatcher.Subscriptions == 0);

        Assert.False(spring.Delivered.Reader.TryRead(out _));
    }

    [Fact]
    [Trait("Feature", "PRO-23")]
    public async Task A_source_that_fails_tells_the_end_with_its_fault_and_a_service_that_stops_with_its_reason()
    {
        var spring = new Spring();
        await SubscribeAsync(spring, new Subscribe(new Delivery(DeliveryModes.Events) { NotifyTo = Sink }) { EndTo = EndSink });
        spring.RunDry();
        var cancelled = await spring.NextAsync();
        var another = new Spring();
        await SubscribeAsync(another, new Subscribe(new Delivery(DeliveryModes.Events) { NotifyTo = Sink }) { EndTo = EndSink });
        await another.DisposeAsync();
        await spring.DisposeAsync();

        Assert.Contains(SubscriptionEnd.SourceCancelling, cancelled, StringComparison.Ordinal);
        Assert.Contains("The spring is dry.", cancelled, StringComparison.Ordinal);
        Assert.Contains(SubscriptionEnd.SourceShuttingDown, await another.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Skip", null)]
    [InlineData("Notify", Actions.DroppedEvents)]
    [InlineData("CancelSubscription", SubscriptionEnd.SourceCancelling)]
    public async Task An_event_too_large_is_what_its_policy_says(string policy, string? told)
    {
        await using var spring = new Spring();
        await SubscribeAsync(
            spring, new Subscribe(new Delivery(DeliveryModes.Events) { NotifyTo = Sink, MaxElements = 1, MaxEnvelopeSize = 8192, OversizePolicy = policy }) { EndTo = EndSink });

        spring.Happen(new string('x', 10_000), "small");
        var first = await spring.NextAsync();

        Assert.Contains(told ?? "small", first, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-24")]
    public async Task Events_are_pulled_with_their_bookmark_until_it_is_ended()
    {
        await using var spring = new Spring();
        spring.Happen("one");
        var opened = await AskAsync(spring.Channel, Actions.Subscribe, null, new Subscribe(new Delivery(DeliveryModes.Pull)) { SendBookmarks = true });
        var response = SubscribeResponse.Read(opened.Body);

        using var pulled = await AskAsync(spring.Channel, Actions.Pull, null, new Pull(response.EnumerationContext!));
        await AskAsync(spring.Channel, Actions.Unsubscribe, response.SubscriptionManager.Identifier, new Unsubscribe());
        using var gone = await AskAsync(spring.Channel, Actions.Pull, null, new Pull(response.EnumerationContext!));

        Assert.Equal("<At xmlns=\"\">one</At>", pulled.Headers.Bookmark);
        Assert.Contains("one</Drop>", pulled.Body.ReadOuterXml(), StringComparison.Ordinal);
        Assert.Equal(FaultCatalog.InvalidEnumerationContext.Code, gone.Fault!.Code);
        Assert.Equal((0, 0), (spring.Dispatcher.Subscriptions, spring.Dispatcher.OpenEnumerations));
    }

    [Fact]
    public async Task What_cannot_be_subscribed_to_faults()
    {
        await using var spring = new Spring(new ServiceOptions { MaxSubscriptions = 1 });

        Assert.Equal(FaultCatalog.DeliveryModeUnavailable.Code, await FaultAsync(new Delivery("urn:pigeons")));
        Assert.Equal(FaultCatalog.UnusableAddress.Code, await FaultAsync(new Delivery(DeliveryModes.Push)));
        Assert.Equal(FaultCatalog.UnusableAddress.Code, await FaultAsync(new Delivery(DeliveryModes.Push) { NotifyTo = new EventingReference("mailto:ann", null) }));
        await SubscribeAsync(spring, new Subscribe(new Delivery(DeliveryModes.Pull)));
        Assert.Equal(FaultCatalog.QuotaLimit.Code, await FaultAsync(new Delivery(DeliveryModes.Pull)));

        async Task<uint> FaultAsync(Delivery delivery) => (await AskAsync(spring.Channel, Actions.Subscribe, null, new Subscribe(delivery))).Fault!.Code;
    }

    private static async Task<string> SubscribeAsync(Spring spring, Subscribe request)
    {
        using var reply = await AskAsync(spring.Channel, Actions.Subscribe, null, request);
        var response = SubscribeResponse.Read(reply.EnsureSuccess().Body);
        Assert.Equal(request.Expires ?? TimeSpan.Zero, response.Expires);
        return response.SubscriptionManager.Identifier!;
    }

    private static async Task<ReceivedReply> AskAsync(LoopbackChannel channel, string action, string? identifier, IBody body)
    {
        var headers = new MessageHeaders { To = "http://spring/wsman", Action = action, MessageId = "uuid:0", ResourceUri = Spring.Uri, Identifier = identifier };
        await foreach (var reply in channel.SendAsync(new Request(headers, body), TestContext.Current.CancellationToken))
        {
            return reply;
        }

        throw new InvalidOperationException("no answer");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
