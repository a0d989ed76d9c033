using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
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
        using var again = await _channel.AskAsync(Headers("op1", retry: true));

        Assert.Equal(1, _counter.Runs);
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

        var again = _channel.AskAsync(Headers("op1", retry: true));
        _counter.Gate.SetResult();
        using var reply = await again;

        Assert.Null(reply.Fault);
        Assert.Equal(1, _counter.Runs);
    }

    [Fact]
    public async Task Answers_are_forgotten_at_the_end_with_the_next_request_or_in_time()
    {
        using var ended = await _channel.AskAsync(Headers("op1"));
        await foreach (var _ in _channel.SendAsync(
            new Request(new MessageHeaders { Action = Actions.End, MessageId = "uuid:9", OperationId = "op1", ResourceUri = ResourceUris.FullDuplex }, EmptyBody.Instance), default))
        {
            Assert.Fail("End has no answer.");
        }

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

        Assert.Equal(FaultCatalog.OperationAborted.Code, (await _channel.FaultAsync(Headers("op0", retry: true))).Code);
        using var newest = await _channel.AskAsync(Headers("op39", retry: true));
        Assert.Null(newest.Fault);
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
