using System.Collections.Concurrent;
using Farwire.Protocol.Faults;
using Farwire.Service.Dispatch;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Enumeration;

/// <summary>The open enumerations: at most so many, each with an owner and an end.</summary>
internal sealed class EnumerationTable : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, EnumerationContext> _open = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _limit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _sweeper;

    public EnumerationTable(ServiceOptions options, TimeProvider time, ILogger logger)
    {
        _limit = options.MaxEnumerations;
        _time = time;
        _logger = logger;
        var period = TimeSpan.FromSeconds(Math.Clamp(options.EnumerationTimeout.TotalSeconds / 4, 1, 30));
        _sweeper = time.CreateTimer(static table => ((EnumerationTable)table!).Sweep(), this, period, period);
    }

    public int Count => _open.Count;

    /// <summary>Puts an enumeration into the table.</summary>
    public void Add(EnumerationContext context)
    {
        if (_open.Count >= _limit)
        {
            throw FaultCatalog.QuotaLimit.Fault($"the service has {_limit} enumerations open; pull or release some.");
        }

        context.LastUsed = _time.GetTimestamp();
        _open[context.Id] = context;
    }

    /// <summary>Finds an enumeration and takes it for one batch. Somebody else's is as unknown as none.</summary>
    public EnumerationContext Take(string id, string caller)
    {
        if (!_open.TryGetValue(id, out var context) || !string.Equals(context.Owner, caller, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidEnumerationContext.Fault();
        }

        context.Enter();
        if (IsExpired(context) || !_open.ContainsKey(id))
        {
            context.Leave();
            _ = RemoveAsync(context).AsTask();
            throw FaultCatalog.InvalidEnumerationContext.Fault();
        }

        return context;
    }

    /// <summary>Gives an enumeration back after a batch.</summary>
    public void Return(EnumerationContext context)
    {
        context.LastUsed = _time.GetTimestamp();
        context.Leave();
    }

    /// <summary>Ends an enumeration; nothing happens when it has ended.</summary>
    public async ValueTask RemoveAsync(EnumerationContext context)
    {
        _open.TryRemove(context.Id, out _);
        try
        {
            await context.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whoever asked has what it asked for; a provider that cannot close is for the log.
            Log.EnumerationNotClosed(_logger, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        foreach (var context in _open.Values)
        {
            await RemoveAsync(context).ConfigureAwait(false);
        }
    }

    private bool IsExpired(EnumerationContext context) => _time.GetElapsedTime(context.LastUsed) >= context.IdleTimeout;

    private void Sweep()
    {
        foreach (var context in _open.Values)
        {
            if (!context.IsBusy && IsExpired(context))
            {
                _ = RemoveAsync(context).AsTask();
            }
        }
    }
}
