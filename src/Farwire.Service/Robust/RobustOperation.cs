using System.Diagnostics.CodeAnalysis;
using Farwire.Protocol.Faults;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Robust;

/// <summary>One operation with an id: it runs on without its connection, and its answer waits to be fetched again.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds memory alone.")]
internal sealed class RobustOperation(string key, long now)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource<EncodedReply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;
    private bool _isReleased;

    public string Key { get; } = key;

    /// <summary>When its client was heard of last: it went, with or without the answer, or said that it lives.</summary>
    public long LeftAt { get; private set; } = now;

    public bool HasWaiters => Volatile.Read(ref _waiting) > 0;

    /// <summary>The answer is there.</summary>
    public bool IsComplete => Answer.IsCompleted;

    /// <summary>Bytes that the answer holds; 0 before it is there, and after it was dropped.</summary>
    public int Bytes => Answer.IsCompletedSuccessfully && !_isReleased ? Answer.Result.Utf8.Length : 0;

    /// <summary>The node of this operation among those that are complete.</summary>
    public LinkedListNode<RobustOperation>? Kept { get; set; }

    private Task<EncodedReply> Answer => _answer.Task;

    /// <summary>Runs, and calls <paramref name="done"/> when the answer is there. Who asks before that waits.</summary>
    public void Start(Func<CancellationToken, ValueTask<EncodedReply>> run, Action<RobustOperation> done) => run(_abandoned.Token).AsTask().ContinueWith(
        task =>
        {
            _answer.SetFromTask(task);
            done(this);
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Its client was heard of.</summary>
    public void Touch(TimeProvider time) => LeftAt = time.GetTimestamp();

    /// <summary>The answer, for one client, which disposes it; null when it is not there after <paramref name="patience"/>.</summary>
    /// <exception cref="WSManFaultException">It was there, and was dropped.</exception>
    public async ValueTask<EncodedReply?> ReplyAsync(TimeSpan patience, TimeProvider time, CancellationToken clientGone)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await Answer.WaitAsync(patience, time, clientGone).ConfigureAwait(false);
            lock (_lock)
            {
                return _isReleased ? throw FaultCatalog.OperationAborted.Fault("its answer is not kept any more; the service has no more room for unread answers.") : Answer.Result.Share();
            }
        }
        catch (TimeoutException) when (!Answer.IsCompleted)
        {
            return null;
        }
        finally
        {
            Touch(time);
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Nobody will ask any more: what runs is ended, what is there is dropped.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (_isReleased)
            {
                return;
            }

            _isReleased = true;
        }

        _abandoned.Cancel();
        Answer.ContinueWith(static run => run.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }
}
