using Farwire.Plugins;
using Farwire.Protocol.Faults;

namespace Farwire.Service.Plugins;

/// <summary>A user as the authorization plug-in let him in, while requests are under way or may come.</summary>
internal sealed class AuthorizedSession(IAuthorizationPlugin plugin, AuthorizedUser user, UserQuota quota, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly OperationWindow _window = new(quota.Window, quota.MaxOperationsPerWindow, time);
    private int _underWay;
    private bool _isRetired;

    public AuthorizedUser User { get; } = user;

    public UserQuota Quota { get; } = quota;

    public long Began { get; } = time.GetTimestamp();

    /// <summary>Begins a request; false when nobody may any more.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_isRetired)
            {
                return false;
            }

            _underWay++;
            return true;
        }
    }

    /// <summary>Holds the user to the quota; the request that asks is counted already.</summary>
    public void Count()
    {
        lock (_lock)
        {
            if (Quota.MaxConcurrentOperations > 0 && _underWay > Quota.MaxConcurrentOperations)
            {
                throw FaultCatalog.OperationsQuotaPerUser.Fault($"at most {Quota.MaxConcurrentOperations} at once; wait for some to end.");
            }
        }

        if (!_window.TryCount())
        {
            throw FaultCatalog.UserQuota.Fault($"at most {Quota.MaxOperationsPerWindow} in {Quota.Window.TotalSeconds} s; try again.");
        }
    }

    /// <summary>No more requests begin; the context goes with the last that is under way.</summary>
    public void Retire()
    {
        bool last;
        lock (_lock)
        {
            last = !_isRetired && _underWay == 0;
            _isRetired = true;
        }

        if (last)
        {
            _ = plugin.ReleaseAsync(User.Context).AsTask();
        }
    }

    /// <summary>Ends a request.</summary>
    public void Dispose()
    {
        bool last;
        lock (_lock)
        {
            _underWay--;
            last = _isRetired && _underWay == 0;
        }

        if (last)
        {
            _ = plugin.ReleaseAsync(User.Context).AsTask();
        }
    }
}

/// <summary>Counts what begins in each stretch of time.</summary>
/// <param name="length">How long one is; zero counts nothing.</param>
/// <param name="most">What may begin in one; 0 is no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class OperationWindow(TimeSpan length, int most, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _began = time.GetTimestamp();
    private int _count;

    /// <summary>Counts one more; false when there are enough.</summary>
    public bool TryCount()
    {
        if (most <= 0 || length <= TimeSpan.Zero)
        {
            return true;
        }

        lock (_lock)
        {
            if (time.GetElapsedTime(_began) >= length)
            {
                _began = time.GetTimestamp();
                _count = 0;
            }

            return _count < most && ++_count > 0;
        }
    }
}
