using System.Collections.Concurrent;
using Farwire.Protocol.Faults;

namespace Farwire.Service.Dispatch;

/// <summary>Counts the requests each caller has under way.</summary>
/// <remarks>MS-WSMV, "MaxConcurrentOperationsPerUser". A caller's counter leaves the table with its last request.</remarks>
internal sealed class OperationQuota(int perUser)
{
    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.OrdinalIgnoreCase);

    public int Running => _running.Values.Sum();

    public void Enter(string user)
    {
        if (_running.AddOrUpdate(user, 1, static (_, count) => count + 1) > perUser)
        {
            Leave(user);
            throw FaultCatalog.OperationsQuotaPerUser.Fault($"at most {perUser} at once; wait for some to end.");
        }
    }

    public void Leave(string user)
    {
        while (_running.TryGetValue(user, out var count))
        {
            if (count > 1 ? _running.TryUpdate(user, count - 1, count) : _running.TryRemove(KeyValuePair.Create(user, count)))
            {
                return;
            }
        }
    }
}
