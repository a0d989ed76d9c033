using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Enumeration;

public sealed class EnumerationTests
{
    private static readonly Enumerate Optimised = new() { Optimize = true, MaxElements = 10 };

    [Fact]
    [Trait("Feature", "PRO-16")]
    public async Task Every_item_comes_once_and_in_order_over_any_number_of_batches()
    {
        await using var shelf = new Shelf().With(25);

        var (items, batches) = await AllAsync(shelf.Channel, new Enumerate(), new Pull("") { MaxElements = 10 });

        Assert.Equal(25, items.Count);
        Assert.Equal(items.Order(StringComparer.Ordinal), items);
        Assert.Equal(4, batches); // nothing with Enumerate, then 10, 10 and 5
        Assert.Equal(0, shelf.Dispatcher.OpenEnumerations);
        Assert.Equal(0, shelf.Boxes.OpenCursors);
    }

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task An_optimised_enumeration_that_fits_is_complete_at_once()
    {
        await using var shelf = new Shelf().With(3);

        using var reply = await AskAsync(shelf.Channel, Optimised);
        var xml = reply.Body.ReadOuterXml();

        Assert.Matches("<n:EnumerationContext( />|></n:EnumerationContext>)<w:Items", xml);
        Assert.Contains("<w:EndOfSequence", xml, StringComparison.Ordinal);
        Assert.Equal(0, shelf.Dispatcher.OpenEnumerations);
    }

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task Without_MaxElements_a_batch_has_one_item()
    {
        await using var shelf = new Shelf().With(3);

        var (_, batches) = await AllAsync(shelf.Channel, new Enumerate(), new Pull(""));

        Assert.Equal(5, batches); // the opening, three items, and the end
    }

    [Theory]
    [InlineData(EnumerationMode.Epr)]
    [InlineData(EnumerationMode.ObjectAndEpr)]
    [Trait("Feature", "PRO-19")]
    public async Task References_come_alone_or_beside_their_objects(EnumerationMode mode)
    {
        await using var shelf = new Shelf().With(2);
        var items = new List<string>();

        using var reply = await AskAsync(shelf.Channel, Optimised with { Mode = mode });
        EnumerationBatch.Read(reply.Body, body => items.Add(body.ReadOuterXml()));

        Assert.Equal(2, items.Count);
        Assert.All(items, item => Assert.Contains("EndpointReference", item, StringComparison.Ordinal));
        Assert.All(items, item => Assert.Equal(mode == EnumerationMode.ObjectAndEpr, item.Contains(":Box", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Feature", "PRO-05")]
    public async Task Batches_are_cut_to_the_envelope_the_client_allows()
    {
        await using var shelf = new Shelf();
        for (var i = 0; i < 20; i++)
        {
            shelf.Boxes.Put(new Box($"box{i:D2}") { Tags = [new string('x', 2000)] });
        }

        var (items, batches) = await AllAsync(shelf.Channel, Optimised with { MaxElements = 100 }, new Pull("") { MaxElements = 100 }, 8192);

        Assert.Equal(20, items.Count);
        Assert.InRange(batches, 10, 21);
    }

    [Fact]
    [Trait("Feature", "PRO-05")]
    public async Task An_item_that_fits_no_envelope_faults_and_ends_the_enumeration()
    {
        await using var shelf = new Shelf();
        shelf.Boxes.Put(new Box("big") { Tags = [new string('x', 9000)] });

        var fault = await shelf.Channel.FaultAsync(Headers(Actions.Enumerate) with { MaxEnvelopeSize = 8192 }, Optimised);

        Assert.Equal(FaultCatalog.MaxEnvelopeSizeExceeded.Code, fault.Code);
        Assert.Equal(0, shelf.Boxes.OpenCursors);
    }

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task MaxCharacters_counts_whole_items()
    {
        await using var shelf = new Shelf().With(10);
        var context = await OpenAsync(shelf.Channel);
        var items = 0;

        using var reply = await shelf.Channel.AskAsync(Headers(Actions.Pull), new Pull(context) { MaxElements = 10, MaxCharacters = 300 });
        EnumerationBatch.Read(reply.Body, body =>
        {
            items++;
            body.Skip();
        });
        var fault = await shelf.Channel.FaultAsync(Headers(Actions.Pull), new Pull(context) { MaxElements = 10, MaxCharacters = 20 });

        Assert.InRange(items, 1, 3);
        Assert.Equal("w:EncodingLimit", fault.Subcode);
    }

    [Fact]
    [Trait("Feature", "PRO-16")]
    public async Task Pull_after_release_faults_InvalidEnumerationContext()
    {
        await using var shelf = new Shelf().With(3);
        var context = await OpenAsync(shelf.Channel);

        using var released = (await shelf.Channel.AskAsync(Headers(Actions.Release), new Release(context))).EnsureSuccess();
        var fault = await shelf.Channel.FaultAsync(Headers(Actions.Pull), new Pull(context));

        Assert.Equal(Actions.ReleaseResponse, released.Headers.Action);
        Assert.Equal("n:InvalidEnumerationContext", fault.Subcode);
        Assert.Equal(0, shelf.Boxes.OpenCursors);
    }

    [Fact]
    public async Task Another_caller_cannot_pull_or_release()
    {
        await using var shelf = new Shelf().With(3);
        await using var thief = shelf.As("bob");
        var context = await OpenAsync(shelf.Channel);

        var pulled = await thief.FaultAsync(Headers(Actions.Pull), new Pull(context));
        var released = await thief.FaultAsync(Headers(Actions.Release), new Release(context));

        Assert.Equal("n:InvalidEnumerationContext", pulled.Subcode);
        Assert.Equal("n:InvalidEnumerationContext", released.Subcode);
        Assert.Equal(1, shelf.Dispatcher.OpenEnumerations);
    }

    [Fact]
    [Trait("Feature", "PRO-18")]
    public async Task An_enumeration_that_nobody_pulls_expires()
    {
        await using var shelf = new Shelf(new ServiceOptions { EnumerationTimeout = TimeSpan.FromSeconds(60) }).With(3);
        var context = await OpenAsync(shelf.Channel);

        shelf.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, shelf.Dispatcher.OpenEnumerations);
        shelf.Time.Advance(TimeSpan.FromSeconds(16));

        Assert.Equal(0, shelf.Dispatcher.OpenEnumerations);
        Assert.Equal(0, shelf.Boxes.OpenCursors);
        var fault = await shelf.Channel.FaultAsync(Headers(Actions.Pull), new Pull(context));
        Assert.Equal("n:InvalidEnumerationContext", fault.Subcode);
    }

    [Fact]
    public async Task The_table_of_enumerations_has_a_limit()
    {
        await using var shelf = new Shelf(new ServiceOptions { MaxEnumerations = 2 }).With(3);
        await OpenAsync(shelf.Channel);
        await OpenAsync(shelf.Channel);

        var fault = await shelf.Channel.FaultAsync(Headers(Actions.Enumerate), new Enumerate());

        Assert.Equal("w:QuotaLimit", fault.Subcode);
        Assert.Equal(2, shelf.Boxes.OpenCursors);
    }

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task A_Pull_that_finds_nothing_in_time_can_be_repeated_and_loses_nothing()
    {
        await using var shelf = new Shelf().With(1);
        var context = await OpenAsync(shelf.Channel);
        var gate = new TaskCompletionSource();
        shelf.Boxes.BeforeItem = token => gate.Task.WaitAsync(token);

        var pull = shelf.Channel.FaultAsync(Headers(Actions.Pull), new Pull(context) { MaxTime = TimeSpan.FromSeconds(3) });
        shelf.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(FaultCatalog.OperationTimedOut.Code, (await pull).Code);

        gate.SetResult();
        var items = 0;
        using var reply = await shelf.Channel.AskAsync(Headers(Actions.Pull), new Pull(context) { MaxElements = 5 });
        EnumerationBatch.Read(reply.Body, body =>
        {
            items++;
            body.Skip();
        });
        Assert.Equal(1, items);
    }

    [Fact]
    public async Task A_Pull_leaves_no_timer_behind()
    {
        await using var shelf = new Shelf().With(3);
        var context = await OpenAsync(shelf.Channel);
        var before = shelf.Time.WaitingTimers;
        var gate = new TaskCompletionSource();
        shelf.Boxes.BeforeItem = token => gate.Task.WaitAsync(token);

        var pull = shelf.Channel.AskAsync(Headers(Actions.Pull) with { OperationTimeout = TimeSpan.FromHours(2) }, new Pull(context) { MaxTime = TimeSpan.FromHours(1) });
        Assert.True(shelf.Time.WaitingTimers > before, "the Pull waits");
        gate.SetResult();
        (await pull).Dispose();

        Assert.Equal(before, shelf.Time.WaitingTimers);
    }

    [Fact]
    public async Task Two_Pulls_at_once_fault_Concurrency()
    {
        await using var shelf = new Shelf().With(2);
        var context = await OpenAsync(shelf.Channel);
        var gate = new TaskCompletionSource();
        shelf.Boxes.BeforeItem = token => gate.Task.WaitAsync(token);

        var first = shelf.Channel.AskAsync(Headers(Actions.Pull), new Pull(context));
        var fault = await shelf.Channel.FaultAsync(Headers(Actions.Pull), new Pull(context));
        gate.SetResult();

        Assert.Equal("w:Concurrency", fault.Subcode);
        using var reply = (await first).EnsureSuccess();
    }

    [Fact]
    public async Task A_client_that_is_gone_during_a_Pull_frees_the_enumeration()
    {
        await using var shelf = new Shelf().With(2);
        var context = await OpenAsync(shelf.Channel);
        shelf.Boxes.BeforeItem = token => Task.Delay(Timeout.Infinite, token);
        using var gone = new CancellationTokenSource();

        var pull = shelf.Channel.AskAsync(Headers(Actions.Pull), new Pull(context), gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        Assert.Equal(0, shelf.Dispatcher.OpenEnumerations);
        Assert.Equal(0, shelf.Boxes.OpenCursors);
    }

    [Fact]
    public async Task A_client_that_is_gone_when_only_some_items_were_found_frees_the_enumeration()
    {
        await using var shelf = new Shelf().With(2);
        var waits = new TaskCompletionSource();
        var asked = 0;
        shelf.Boxes.BeforeItem = token =>
        {
            if (asked++ == 0)
            {
                return Task.CompletedTask;
            }

            waits.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        using var gone = new CancellationTokenSource();

        var enumerate = shelf.Channel.AskAsync(Headers(Actions.Enumerate), Optimised, gone.Token);
        await waits.Task;
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enumerate);
        Assert.Equal(0, shelf.Dispatcher.OpenEnumerations);
        Assert.Equal(0, shelf.Boxes.OpenCursors);
    }

    [Fact]
    public async Task The_count_of_items_is_told_when_asked_for()
    {
        await using var shelf = new Shelf().With(7);

        using var reply = await shelf.Channel.AskAsync(
            Headers(Actions.Enumerate) with { RequestTotalItemsCountEstimate = true }, new Enumerate());

        Assert.Equal(7, reply.Headers.TotalItemsCountEstimate);
    }

    private static MessageHeaders Headers(string action) => Exchange.Headers(action, ShelfResource.Uri);

    private static async Task<ReceivedReply> AskAsync(IMessageChannel channel, Enumerate request) =>
        (await channel.AskAsync(Headers(Actions.Enumerate), request)).EnsureSuccess();

    private static async Task<string> OpenAsync(IMessageChannel channel)
    {
        using var reply = await AskAsync(channel, new Enumerate());
        return EnumerationBatch.Read(reply.Body, body => body.Skip()).Context!;
    }

    private static async Task<(List<string> Items, int Batches)> AllAsync(IMessageChannel channel, Enumerate request, Pull pull, long? maxEnvelope = null)
    {
        var items = new List<string>();
        var batches = 1;
        using var opened = (await channel.AskAsync(Headers(Actions.Enumerate) with { MaxEnvelopeSize = maxEnvelope }, request)).EnsureSuccess();
        var batch = EnumerationBatch.Read(opened.Body, body => items.Add(Box.Read(body).Name));
        while (!batch.EndOfSequence)
        {
            using var reply = (await channel.AskAsync(Headers(Actions.Pull) with { MaxEnvelopeSize = maxEnvelope }, pull with { Context = batch.Context! })).EnsureSuccess();
            batch = EnumerationBatch.Read(reply.Body, body => items.Add(Box.Read(body).Name));
            batches++;
        }

        return (items, batches);
    }
}
