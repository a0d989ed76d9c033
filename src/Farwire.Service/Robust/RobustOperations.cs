using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Robust;

/// <summary>Operations with a <c>p:OperationID</c>: each runs once, however often a client whose connection breaks asks for it.</summary>
/// <remarks>
/// MS-WSMV, "Robust Connection Support". 1. The first message of an operation has the sequence number 1. 2. A repeated one says so with mustUnderstand, and
/// gets the answer of the first; one never seen before runs now, for then the first was lost on its way. 3. An answer is forgotten when its client
/// acknowledges it or says End, or sends the next request on the same connection, which it does only after it has read the last answer; 4. or when
/// nobody asked for it in the time that clients try again. Bounded by number and by bytes; past them the oldest answers go first. 5. What was forgotten is
/// not run again by a copy that comes late.
/// </remarks>
internal sealed class RobustOperations : IDisposable
{
    private readonly ConcurrentDictionary<string, RobustOperation> _operations = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConditionalWeakTable<object, RobustOperation> _lastOf = [];
    private readonly LinkedList<RobustOperation> _kept = [];
    private readonly PastOperations _past = new();
    private readonly ServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;
    private long _keptBytes;

    public RobustOperations(ServiceOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var period = TimeSpan.FromSeconds(Math.Clamp(options.RobustRetryTime.TotalSeconds / 4, 1, 30));
        _sweeper = time.CreateTimer(static table => ((RobustOperations)table!).Sweep(), this, period, period);
    }

    /// <summary>Operations that run or whose answer is kept.</summary>
    public int Count => _operations.Count;

    /// <summary>The operation of <paramref name="headers"/>, which runs now or has run before.</summary>
    public RobustOperation Enter(MessageHeaders headers, Caller caller, Func<CancellationToken, ValueTask<EncodedReply>> run, out bool isRepeated)
    {
        if (headers.SequenceId is not (null or 1)) // 1
        {
            throw FaultCatalog.InvalidHeader.Fault($"p:SequenceId is 1 in the first message of an operation, not {headers.SequenceId}.");
        }

        Follow(caller);
        var operation = Find(headers, caller, run, out isRepeated);
        if (caller.Connection is not null)
        {
            _lastOf.AddOrUpdate(caller.Connection, operation);
        }

        return operation;
    }

    /// <summary>Another request follows on a connection: the last answer has arrived.</summary>
    public void Follow(Caller caller) // 3
    {
        if (!_operations.IsEmpty && caller.Connection is { } connection && _lastOf.TryGetValue(connection, out var read))
        {
            Forget(read);
        }
    }

    /// <summary>The operation of that user and id, or null.</summary>
    public RobustOperation? Find(string user, string? operationId) =>
        operationId is null ? null : _operations.GetValueOrDefault(KeyOf(user, operationId));

    /// <summary>Its client asks no more for <paramref name="operation"/>: what still runs of it is ended.</summary>
    public void Forget(RobustOperation operation)
    {
        _past.Add(operation.Key); // before it goes: in between it would be neither
        lock (_kept)
        {
            _operations.TryRemove(KeyValuePair.Create(operation.Key, operation));
            if (operation.Kept is { List: not null } node)
            {
                _kept.Remove(node);
                _keptBytes -= operation.Bytes;
            }
        }

        operation.Release();
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (var operation in _operations.Values)
        {
            Forget(operation);
        }
    }

    private RobustOperation Find(MessageHeaders headers, Caller caller, Func<CancellationToken, ValueTask<EncodedReply>> run, out bool isRepeated)
    {
        var key = KeyOf(caller.Name, headers.OperationId!);
        var created = new RobustOperation(key, _time.GetTimestamp());
        var operation = _operations.GetOrAdd(key, created);
        isRepeated = !ReferenceEquals(operation, created);
        if (!isRepeated && _past.Contains(key)) // 5
        {
            _operations.TryRemove(KeyValuePair.Create(key, created));
            throw headers.OperationIdIsRetry
                ? FaultCatalog.OperationAborted.Fault("it was done, and its answer is not kept any more; its client said that it has it, or did not ask for it in time.")
                : FaultCatalog.InvalidHeader.Fault("there was an operation with this p:OperationID; each has its own.");
        }

        if (!isRepeated)
        {
            operation.Start(run, Keep);
        }
        else if (!headers.OperationIdIsRetry) // 2
        {
            throw FaultCatalog.InvalidHeader.Fault("there is an operation with this p:OperationID already; who repeats it says so with mustUnderstand.");
        }

        return operation;
    }

    private void Keep(RobustOperation operation)
    {
        lock (_kept)
        {
            if (operation.Kept is null && _operations.ContainsKey(operation.Key))
            {
                operation.Kept = _kept.AddLast(operation);
                _keptBytes += operation.Bytes;
            }

            for (var node = _kept.First; node is not null && _keptBytes > _options.MaxRobustReplyBytes; node = node.Next)
            {
                _keptBytes -= node.Value.Bytes;
                node.Value.Release(); // a mark stays: asked again, it must not run again
            }
        }

        while (_operations.Count > _options.MaxRobustOperations && Oldest() is { } oldest)
        {
            Forget(oldest);
        }
    }

    private RobustOperation? Oldest()
    {
        lock (_kept)
        {
            return _kept.First?.Value;
        }
    }

    private void Sweep() // 4
    {
        foreach (var operation in _operations.Values)
        {
            if (!operation.HasWaiters && _time.GetElapsedTime(operation.LeftAt) > _options.RobustRetryTime)
            {
                Forget(operation);
            }
        }
    }

    // A user's operations are that user's alone: a name cannot hold a line's end.
    private static string KeyOf(string user, string operationId) => $"{user}\n{operationId}";
}
