using System.Collections.Concurrent;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Robust;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Robust;

public sealed class RobustTests : IAsyncDisposable
{
    private const string Uri = "urn:counter";

    private readonly ManualTime _time = new();
    private readonly Counter _counter = new();
    private readonly ConcurrentQueue<string?> _heard = new();
    private readonly Dispatcher _dispatcher;
    private readonly LoopbackChannel _channel;

    public RobustTests()
    {
        _dispatcher = new Dispatcher(new ResourceCatalog().Add(Uri, _counter), new ServiceOptions { MaxRobustReplyBytes = 20_000 }, _time);
        _channel = new LoopbackChannel(_dispatcher, Caller.Named("ann"));
    }

    [Fact]
    [Trait("Feature", "PRO-26")]
    public async Task A_repeated_request_gets_the_same_answer_and_runs_once()
    {
        using var first = await _channel.AskAsync(Headers("op1"));
        var messages = await AllAsync(Headers("op1", retry: true));
        var (acknowledged, again) = (messages[0], messages[1]);

        Assert.Equal(1, _counter.Runs);
        Assert.Equal((2, Actions.Acknowledge, "op1"), (messages.Count, acknowledged.Headers.Action, acknowledged.Headers.OperationId));
        Assert.Equal(new Acknowledge(1), Acknowledge.Read(acknowledged.Body));
        Assert.Equal((null, ResourceUris.RobustConnection), (acknowledged.Headers.SequenceId, acknowledged.Headers.ResourceUri));
        Assert.Equal(first.Headers.MessageId, again.Headers.MessageId);
        Assert.Equal(("op1", 1L), (again.Headers.OperationId, again.Headers.SequenceId));
        Assert.Equal(first.Body.ReadOuterXml(), again.Body.ReadOuterXml());
    }

    [Fact]
    [Trait("Feature", "PRO-26")]
    public async Task A_duplicate_that_does_not_say_so_faults_and_so_does_a_gap()
    {
        using var first = await _channel.AskAsync(Headers("op1"));

        Assert.Equal(FaultCatalog.InvalidHeader.Code, (await _channel.FaultAsync(Headers("op1"))).Code);
        Assert.Equal(FaultCatalog.InvalidHeader.Code, (await _channel.FaultAsync(Headers("op2") with { SequenceId = 3 })).Code);
        Assert.Equal(1, _counter.Runs);
    }

    [Fact]
    public async Task A_repeated_request_whose_first_never_came_runs()
    {
        using var reply = await _channel.AskAsync(Headers("op1", retry: true));

        Assert.Equal(1, _counter.Runs);
        Assert.Null(reply.Fault);
    }

    [Fact]
    public async Task An_operation_goes_on_without_its_client_and_waits_for_it()
    {
        _counter.Gate = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();
        var lost = _channel.AskAsync(Headers("op1"), cancellationToken: gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);

        var again = AllAsync(Headers("op1", retry: true));
        _counter.Gate.SetResult();
        var messages = await again;

        Assert.Null(messages[^1].Fault);
        Assert.Equal(1, _counter.Runs);
    }

    [Fact]
    public async Task While_an_operation_takes_long_its_client_hears_that_the_service_lives()
    {
        _counter.Gate = new TaskCompletionSource();
        var timers = _time.WaitingTimers;
        var asked = AllAsync(Headers("op1") with { OperationTimeout = TimeSpan.FromSeconds(60) });
        await UntilAsync(() => _time.WaitingTimers >= timers + 2); // that of the operation, and that of the silence

        _time.Advance(TimeSpan.FromSeconds(41));
        Assert.Empty(_heard);
        _time.Advance(TimeSpan.FromSeconds(1)); // 70 % of the time
        await UntilAsync(() => _heard.Count == 1);
        _counter.Gate.SetResult();
        var messages = await asked;

        Assert.Equal((2, Actions.KeepAlive, "op1"), (messages.Count, messages[0].Headers.Action, messages[0].Headers.OperationId));
        Assert.Equal((null, ResourceUris.FullDuplex), (messages[0].Headers.SequenceId, messages[0].Headers.ResourceUri));
        Assert.False(messages[0].Body.HasElement);
        Assert.Equal(1, messages[1].Headers.SequenceId);
    }

    [Fact]
    public async Task What_a_client_acknowledges_is_forgotten_and_what_it_keeps_alive_is_not()
    {
        using var first = await _channel.AskAsync(Headers("op1"));
        using var second = await _channel.AskAsync(Headers("op2"));

        await TellAsync(Actions.Acknowledge, "op1", new Acknowledge(1));
        Assert.Equal(1, _dispatcher.RobustOperations);

        _time.Advance(TimeSpan.FromSeconds(180));
        await TellAsync("http://schemas.microsoft.com/wbem/wsman/1/wsman/Keepalive", "op2", EmptyBody.Instance); // as the specification's example spells it
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _dispatcher.RobustOperations);
        Assert.Equal(FaultCatalog.SchemaValidationError.Code, (await _channel.FaultAsync(Control(Actions.Acknowledge, "op2"), EmptyBody.Instance)).Code);
    }

    [Fact]
    public async Task A_copy_that_comes_late_does_not_run_what_is_over()
    {
        using var first = await _channel.AskAsync(Headers("op1"));
        await TellAsync(Actions.End, "op1", EmptyBody.Instance);

        Assert.Equal(FaultCatalog.InvalidHeader.Code, (await _channel.FaultAsync(Headers("OP1"))).Code);
        Assert.Equal(FaultCatalog.OperationAborted.Code, (await _channel.FaultAsync(Headers("op1", retry: true))).Code);
        Assert.Equal((1, 0), (_counter.Runs, _dispatcher.RobustOperations));
        using var others = await new LoopbackChannel(_dispatcher, Caller.Named("bob")).AskAsync(Headers("op1"));
        Assert.Null(others.Fault);
    }

    [Fact]
    public async Task What_is_cancelled_ends()
    {
        _counter.Gate = new TaskCompletionSource();
        var asked = _channel.FaultAsync(Headers("op1"));
        await UntilAsync(() => _counter.Runs == 1);

        await TellAsync(Actions.Cancel, "op1", EmptyBody.Instance);

        Assert.Equal(FaultCatalog.OperationAborted.Code, (await asked).Code);
        Assert.Equal(0, _dispatcher.RobustOperations);
    }

    [Fact]
    public async Task End_frees_what_its_connection_has_brought_whatever_operation_it_names()
    {
        var connection = new LoopbackChannel(_dispatcher, Caller.Named("ann") with { Connection = new object() });
        using var read = await connection.AskAsync(Headers("op1"));

        await TellAsync(Actions.End, "other", EmptyBody.Instance, connection);

        Assert.Equal(0, _dispatcher.RobustOperations);
    }

    [Fact]
    public async Task Answers_are_forgotten_at_the_end_with_the_next_request_or_in_time()
    {
        using var ended = await _channel.AskAsync(Headers("op1"));
        await TellAsync(Actions.End, "op1", EmptyBody.Instance);

        Assert.Equal(0, _dispatcher.RobustOperations);
        var connection = new LoopbackChannel(_dispatcher, Caller.Named("ann") with { Connection = new object() });
        using var second = await connection.AskAsync(Headers("op2"));
        using var third = await connection.AskAsync(Headers("op3"));
        Assert.Equal(1, _dispatcher.RobustOperations);

        _time.Advance(TimeSpan.FromSeconds(180));
        Assert.Equal(1, _dispatcher.RobustOperations);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, _dispatcher.RobustOperations);
    }

    [Fact]
    public async Task An_operation_nobody_comes_back_for_is_ended()
    {
        _counter.Gate = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();
        var lost = _channel.AskAsync(Headers("op1") with { OperationTimeout = TimeSpan.FromHours(1) }, cancellationToken: gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);

        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(1, _dispatcher.RunningOperations);
        _time.Advance(TimeSpan.FromSeconds(200));

        while (_dispatcher.RunningOperations > 0)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Past_the_bound_old_answers_are_dropped_but_never_run_again()
    {
        for (var i = 0; i < 40; i++)
        {
            using var reply = await _channel.AskAsync(Headers("op" + i));
        }

        Assert.Equal(FaultCatalog.OperationAborted.Code, (await AllAsync(Headers("op0", retry: true)))[^1].Fault?.Code);
        Assert.Null((await AllAsync(Headers("op39", retry: true)))[^1].Fault);
        Assert.Equal(40, _counter.Runs);
    }

    [Fact]
    public async Task Ids_of_other_users_are_other_ids()
    {
        using var first = await _channel.AskAsync(Headers("op1"));
        using var other = await new LoopbackChannel(_dispatcher, Caller.Named("bob")).AskAsync(Headers("op1"));

        Assert.Null(other.Fault);
        Assert.Equal(2, _counter.Runs);
    }

    public ValueTask DisposeAsync() => _dispatcher.DisposeAsync();

    private async Task<List<ReceivedReply>> AllAsync(MessageHeaders headers)
    {
        var all = new List<ReceivedReply>();
        await foreach (var reply in _channel.SendAsync(new Request(headers, EmptyBody.Instance), default))
        {
            all.Add(reply);
            _heard.Enqueue(reply.Headers.Action);
        }

        return all;
    }

    private async Task TellAsync(string action, string operation, IBody body, LoopbackChannel? channel = null)
    {
        await foreach (var _ in (channel ?? _channel).SendAsync(new Request(Control(action, operation), body), default))
        {
            Assert.Fail("A control message has no answer.");
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    private static MessageHeaders Control(string action, string operation) =>
        new() { Action = action, MessageId = "uuid:9", OperationId = operation, ResourceUri = ResourceUris.FullDuplex };

    private static MessageHeaders Headers(string operation, bool retry = false) =>
        Exchange.Headers(Uri + "/Count", Uri) with { OperationId = operation, OperationIdIsRetry = retry, SequenceId = 1 };

    private sealed class Counter : IInvokeResource
    {
        private int _runs;

        public int Runs => _runs;

        public TaskCompletionSource? Gate { get; set; }

        public async ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader body)
        {
            var run = Interlocked.Increment(ref _runs);
            if (Gate is { } gate)
            {
                await gate.Task.WaitAsync(context.Cancellation);
            }

            return new XmlBody(System.Text.Encoding.UTF8.GetBytes($"<n xmlns=\"urn:counter\">{run}</n>"));
        }
    }
}
