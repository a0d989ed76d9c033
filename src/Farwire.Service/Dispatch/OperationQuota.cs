using System.Collections.Concurrent;
using Farwire.Protocol.Faults;

namespace Farwire.Service.Dispatch;

/// <summary>Counts the requests under way, of each caller and of all.</summary>
/// <remarks>MS-WSMV, "MaxConcurrentOperationsPerUser", "MaxConnections". A caller's counter leaves the table with its last request.</remarks>
internal sealed class OperationQuota
{
    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.OrdinalIgnoreCase);
    private int _all;

    public int Running => Volatile.Read(ref _all);

    public void Enter(string user, ServiceOptions options)
    {
        if (Interlocked.Increment(ref _all) > options.MaxRequests)
        {
            Interlocked.Decrement(ref _all);
            throw FaultCatalog.SystemQuota.Fault($"at most {options.MaxRequests} at once (MaxConnections); wait for some to end.");
        }

        if (_running.AddOrUpdate(user, 1, static (_, count) => count + 1) > options.MaxConcurrentOperationsPerUser)
        {
            Leave(user);
            throw FaultCatalog.OperationsQuotaPerUser.Fault($"at most {options.MaxConcurrentOperationsPerUser} at once; wait for some to end.");
        }
    }

    public void Leave(string user)
    {
        Interlocked.Decrement(ref _all);
        while (_running.TryGetValue(user, out var count))
        {
            if (count > 1 ? _running.TryUpdate(user, count - 1, count) : _running.TryRemove(KeyValuePair.Create(user, count)))
            {
                return;
            }
        }
    }
}
