using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Identify;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Dispatch;

public sealed class DispatcherTests
{
    private static readonly ServiceOptions NamePlate = new() { ProductVersion = "OS: 6.1.0 SP: 0.0 Stack: 3.0", SecurityProfiles = ["p1"] };

    [Fact]
    [Trait("Feature", "SVC-12")]
    [Trait("Feature", "SVC-13")]
    public async Task Identify_tells_the_system_only_to_callers_it_knows()
    {
        await using var shelf = new Shelf(NamePlate);
        await using var stranger = new LoopbackChannel(shelf.Dispatcher, Caller.Anonymous);

        using var known = await shelf.Channel.AskAsync(new MessageHeaders(), new Identify());
        using var unknown = await stranger.AskAsync(new MessageHeaders(), new Identify());

        var open = IdentifyResponse.Read(known.Body);
        Assert.Equal("OS: 6.1.0 SP: 0.0 Stack: 3.0", open.ProductVersion);
        Assert.Equal(["p1"], open.SecurityProfiles);
        var masked = IdentifyResponse.Read(unknown.Body);
        Assert.Equal(ServiceOptions.MaskedProductVersion, masked.ProductVersion);
        Assert.Empty(masked.SecurityProfiles);
    }

    [Fact]
    public async Task A_caller_who_is_not_authenticated_gets_nothing_else()
    {
        await using var shelf = new Shelf().With(1);
        await using var stranger = new LoopbackChannel(shelf.Dispatcher, Caller.Anonymous);

        var fault = await stranger.FaultAsync(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box00000")));

        Assert.Equal(5u, fault.Code);
    }

    [Theory]
    [InlineData(Actions.Get, "http://nowhere/at/all", 2150858752u)]
    [InlineData(Actions.Get, "", 2150858811u)]
    [InlineData(Actions.Command, ShelfResource.Uri, 2150858771u)]
    [InlineData(ShelfResource.Uri + "/Explode", ShelfResource.Uri, 2150858753u)]
    [Trait("Feature", "PRO-10")]
    [Trait("Feature", "PRO-09")]
    public async Task What_is_not_there_gets_the_fault_that_says_so(string action, string resourceUri, uint code)
    {
        await using var shelf = new Shelf().With(1);

        var fault = await shelf.Channel.FaultAsync(Exchange.Headers(action, resourceUri, ("Name", "box00000")));

        Assert.Equal(code, fault.Code);
        Assert.Equal(Environment.MachineName, fault.Machine);
    }

    [Fact]
    [Trait("Feature", "PRO-08")]
    public async Task A_fault_speaks_the_language_of_the_request()
    {
        await using var shelf = new Shelf();

        var fault = await shelf.Channel.FaultAsync(Exchange.Headers(Actions.Get, "urn:x") with { Locale = "de-AT" });

        Assert.Contains("Ressource", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-14")]
    public async Task An_option_that_must_be_complied_with_is_not_passed_over()
    {
        await using var shelf = new Shelf().With(1);
        var headers = Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box00000"));

        var fault = await shelf.Channel.FaultAsync(headers with { Options = OptionSet.Of(new Option("Wings", "2") { MustComply = true }) });
        using var reply = await shelf.Channel.AskAsync(headers with { Options = OptionSet.Of(new Option("Wings", "2")) });

        Assert.Equal("w:InvalidOptions", fault.Subcode);
        Assert.Null(reply.Fault);
    }

    [Fact]
    public async Task A_fragment_of_a_resource_without_fragments_is_refused()
    {
        await using var shelf = new Shelf().With(1);

        var fault = await shelf.Channel.FaultAsync(
            Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box00000")) with { FragmentTransfer = new FragmentTransfer("Tags") });

        Assert.Equal(FaultCatalog.FragmentTransferNotSupported.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-05")]
    public async Task An_answer_larger_than_the_client_allows_is_a_fault()
    {
        await using var shelf = new Shelf();
        shelf.Boxes.Put(new Box("big") { Tags = [new string('x', 9000)] });
        var headers = Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "big"));

        var fault = await shelf.Channel.FaultAsync(headers with { MaxEnvelopeSize = 8192 });
        using var reply = await shelf.Channel.AskAsync(headers with { MaxEnvelopeSize = 16384 });

        Assert.Equal(FaultCatalog.MaxEnvelopeSizeExceeded.Code, fault.Code);
        Assert.Null(reply.Fault);
    }

    [Fact]
    [Trait("Feature", "PRO-05")]
    public async Task A_message_larger_than_the_service_allows_is_a_fault()
    {
        await using var shelf = new Shelf(new ServiceOptions { MaxEnvelopeBytes = 32 * 1024 });

        var fault = await shelf.Channel.FaultAsync(
            Exchange.Headers(Actions.Create, ShelfResource.Uri), new Box("big") { Tags = [new string('x', 33_000)] });

        Assert.Equal(FaultCatalog.ServiceEnvelopeLimit.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-06")]
    public async Task An_operation_past_its_time_faults_TimedOut()
    {
        var time = new ManualTime();
        await using var dispatcher = new Dispatcher(new ResourceCatalog().Add("urn:slow", new SlowResource()), time: time);
        await using var channel = new LoopbackChannel(dispatcher, Caller.Named("ann"));

        var before = time.WaitingTimers;
        var asked = channel.FaultAsync(Exchange.Headers(Actions.Get, "urn:slow") with { OperationTimeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(before + 1, time.WaitingTimers);
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(FaultCatalog.OperationTimedOut.Code, (await asked).Code);
        Assert.Equal(0, dispatcher.RunningOperations);
    }

    [Fact]
    public async Task A_client_that_is_gone_ends_its_operation()
    {
        await using var dispatcher = new Dispatcher(new ResourceCatalog().Add("urn:slow", new SlowResource()));
        await using var channel = new LoopbackChannel(dispatcher, Caller.Named("ann"));
        using var gone = new CancellationTokenSource();

        var asked = channel.AskAsync(Exchange.Headers(Actions.Get, "urn:slow"), cancellationToken: gone.Token);
        Assert.Equal(1, dispatcher.RunningOperations);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(0, dispatcher.RunningOperations);
    }

    [Fact]
    public async Task A_fault_that_quotes_what_the_peer_sent_stays_short()
    {
        await using var shelf = new Shelf(new ServiceOptions { MaxEnvelopeBytes = 64 * 1024 });

        var fault = await shelf.Channel.FaultAsync(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", new string('x', 30_000))));

        Assert.Equal(FaultCatalog.ResourceNotFound.Code, fault.Code);
        Assert.InRange(fault.Message.Length, 1000, 4000);
    }

    [Fact]
    public async Task One_caller_cannot_take_more_operations_than_the_quota()
    {
        await using var dispatcher = new Dispatcher(
            new ResourceCatalog().Add("urn:slow", new SlowResource()), new ServiceOptions { MaxConcurrentOperationsPerUser = 2 });
        using var gone = new CancellationTokenSource();
        await using var channel = new LoopbackChannel(dispatcher, Caller.Named("ann"));
        await using var other = new LoopbackChannel(dispatcher, Caller.Named("bob"));
        Task[] running =
        [
            channel.AskAsync(Exchange.Headers(Actions.Get, "urn:slow"), cancellationToken: gone.Token),
            channel.AskAsync(Exchange.Headers(Actions.Get, "urn:slow"), cancellationToken: gone.Token),
            other.AskAsync(Exchange.Headers(Actions.Get, "urn:slow"), cancellationToken: gone.Token),
        ];

        var fault = await channel.FaultAsync(Exchange.Headers(Actions.Get, "urn:slow"));

        Assert.Equal(FaultCatalog.OperationsQuotaPerUser.Code, fault.Code);
        await gone.CancelAsync();
        foreach (var task in running)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }
    }

    [Fact]
    public async Task What_goes_wrong_inside_stays_inside()
    {
        await using var dispatcher = new Dispatcher(new ResourceCatalog().Add("urn:broken", new BrokenResource()));
        await using var channel = new LoopbackChannel(dispatcher, Caller.Named("ann"));

        var fault = await channel.FaultAsync(Exchange.Headers(Actions.Get, "urn:broken"));

        Assert.Equal("w:InternalError", fault.Subcode);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_envelope_get_a_fault()
    {
        await using var shelf = new Shelf();

        using var reply = await shelf.Dispatcher.ProcessAsync(Encoding.UTF8.GetBytes("<a><b></a>"), Caller.Named("ann"), default);

        Assert.True(reply.IsFault);
        Assert.Equal(FaultCatalog.MalformedXml.Code, EnvelopeReader.ReadReply(reply.Utf8).Fault!.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task The_end_of_a_robust_operation_has_no_answer()
    {
        await using var shelf = new Shelf();
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Request(Exchange.Headers(Actions.End, ResourceUris.FullDuplex), EmptyBody.Instance));

        using var reply = await shelf.Dispatcher.ProcessAsync(xml.Written, Caller.Named("ann"), default);

        Assert.Equal(0, reply.Utf8.Length);
        Assert.False(reply.IsFault);
    }

    private sealed class SlowResource : IGetResource
    {
        public async ValueTask<IBody> GetAsync(OperationContext context)
        {
            await Task.Delay(Timeout.Infinite, context.Cancellation);
            return EmptyBody.Instance;
        }
    }

    private sealed class BrokenResource : IGetResource
    {
        public ValueTask<IBody> GetAsync(OperationContext context) => throw new InvalidOperationException("a secret of the inside");
    }
}
