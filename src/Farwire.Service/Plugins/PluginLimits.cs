using Farwire.Protocol.Faults;

namespace Farwire.Service.Plugins;

/// <summary>Counts a plug-in's users, operations and shells. What entered holds a place until it is disposed.</summary>
/// <remarks>MS-WSMV, "QuotasType".</remarks>
public sealed class PluginLimits(PluginQuotas quotas)
{
    private readonly Dictionary<string, Use> _users = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private int _operations;
    private int _shells;

    /// <summary>The limits.</summary>
    public PluginQuotas Quotas { get; } = quotas;

    /// <summary>Lets an operation in, or faults.</summary>
    public IDisposable EnterOperation(string user)
    {
        lock (_lock)
        {
            var use = Find(user);
            if (use.Operations >= Quotas.MaxConcurrentOperationsPerUser)
            {
                throw FaultCatalog.PluginOperationsQuotaPerUser.Fault($"at most {Quotas.MaxConcurrentOperationsPerUser} at once (MaxConcurrentOperationsPerUser); wait for some to end.");
            }

            if (_operations >= Quotas.MaxConcurrentOperations)
            {
                throw FaultCatalog.PluginOperationsQuota.Fault($"at most {Quotas.MaxConcurrentOperations} at once (MaxConcurrentOperations); wait for some to end.");
            }

            _users[user] = use with { Operations = use.Operations + 1 };
            _operations++;
            return new Place(this, user, isShell: false);
        }
    }

    /// <summary>Lets a shell in, or faults.</summary>
    public IDisposable EnterShell(string user)
    {
        lock (_lock)
        {
            var use = Find(user);
            if (use.Shells >= Quotas.MaxShellsPerUser)
            {
                throw FaultCatalog.PluginShellsQuotaPerUser.Fault($"at most {Quotas.MaxShellsPerUser} (MaxShellsPerUser); close some first.");
            }

            if (_shells >= Quotas.MaxShells)
            {
                throw FaultCatalog.PluginShellsQuota.Fault($"at most {Quotas.MaxShells} (MaxShells); wait for some to close.");
            }

            _users[user] = use with { Shells = use.Shells + 1 };
            _shells++;
            return new Place(this, user, isShell: true);
        }
    }

    // Under the lock.
    private Use Find(string user) => _users.TryGetValue(user, out var use) ? use
        : _users.Count < Quotas.MaxConcurrentUsers ? default
        : throw FaultCatalog.PluginUsersQuota.Fault($"at most {Quotas.MaxConcurrentUsers} at once (MaxConcurrentUsers); wait for one to end.");

    private void Leave(string user, bool isShell)
    {
        lock (_lock)
        {
            var use = _users[user];
            use = isShell ? use with { Shells = use.Shells - 1 } : use with { Operations = use.Operations - 1 };
            _ = isShell ? _shells-- : _operations--;
            if (use == default)
            {
                _users.Remove(user);
            }
            else
            {
                _users[user] = use;
            }
        }
    }

    private readonly record struct Use(int Operations, int Shells);

    private sealed class Place(PluginLimits limits, string user, bool isShell) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                limits.Leave(user, isShell);
            }
        }
    }
}
