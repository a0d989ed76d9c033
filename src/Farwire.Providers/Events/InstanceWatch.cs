using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Events;

/// <summary>Tells what came, went and changed among instances: two looks at them are compared by key.</summary>
/// <remarks>
/// Looks are taken every WITHIN seconds; where the system itself tells of changes, after each of them, and now and then besides. Records that come and
/// do not change are taken from their source as they come.
/// </remarks>
internal sealed class InstanceWatch(EventQuery query, IReadOnlyList<ICimProvider> providers, TimeProvider time) : IDisposable
{
    private const int MaxInstances = 100_000;

    // Changes come in bunches: a service that starts changes several properties.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan NowAndThen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Taking = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly List<IDisposable> _listening = [];

    private ICimArrival? _arrival;
    private Dictionary<string, CimInstance> _before = [];

    /// <summary>The system tells of changes in all that is watched.</summary>
    public bool IsTold => providers.Count > 0 && _listening.Count == providers.Count;

    /// <summary>Takes the first look. What happens from here on is told.</summary>
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        if (providers is [ICimArrivals arriving] && (_arrival = arriving.Arrivals()) is not null)
        {
            return;
        }

        foreach (var provider in providers.OfType<ICimSignals>())
        {
            if (await provider.ListenAsync(Tell, cancellationToken).ConfigureAwait(false) is { } listening)
            {
                _listening.Add(listening);
            }
        }

        if (!IsTold && query.Query.Within is null)
        {
            throw CimError.InvalidQuery("the query needs WITHIN: the system does not tell of such changes, so instances are looked at from time to time");
        }

        _before = await LookAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _arrival?.Dispose();
        _listening.ForEach(l => l.Dispose());
        _changed.Dispose();
    }

    public async IAsyncEnumerable<CimInstance> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var groups = new Dictionary<string, (CimInstance First, uint Count, long Began)>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            await WaitAsync(groups.Count > 0, cancellationToken).ConfigureAwait(false);
            var now = _arrival is null ? await LookAsync(cancellationToken).ConfigureAwait(false) : [];
            var occurrences = _arrival is null ? Compare(_before, now) : _arrival.Take().Select(instance => Event(EventClasses.Creation, ("TargetInstance", instance)));
            foreach (var occurrence in occurrences.Where(query.Passes))
            {
                if (query.Query.Group is not { } group)
                {
                    yield return occurrence;
                    continue;
                }

                var key = string.Join('\n', group.By.Select(path => ValueAt(occurrence, path)));
                groups[key] = groups.TryGetValue(key, out var known) ? known with { Count = known.Count + 1 } : (occurrence, 1, time.GetTimestamp());
            }

            _before = now;
            foreach (var (key, (first, count, began)) in groups.ToList())
            {
                if (time.GetElapsedTime(began) >= query.Query.Group!.Within)
                {
                    groups.Remove(key);
                    var aggregate = Event(EventClasses.Aggregate, ("NumberOfEvents", count), ("Representative", first));
                    if (query.Query.Group.Having is not { } having || new Cim.Wql.WqlFilter(query.Query with { Where = having, Properties = [] }, EventClasses.Aggregate).Matches(aggregate))
                    {
                        yield return aggregate;
                    }
                }
            }
        }
    }

    private async Task WaitAsync(bool groupsWait, CancellationToken cancellationToken)
    {
        if (!IsTold)
        {
            await Task.Delay(_arrival is null || query.Query.Within is not null ? query.Within : Taking, time, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var patience = new CancellationTokenSource(groupsWait ? query.Query.Group!.Within : NowAndThen, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _changed.WaitAsync(either.Token).ConfigureAwait(false);
            await Task.Delay(Gather, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing was told; it is looked all the same.
        }
    }

    private void Tell()
    {
        try
        {
            _changed.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is known already, or nobody wants to know any more.
        }
    }

    private IEnumerable<CimInstance> Compare(Dictionary<string, CimInstance> before, Dictionary<string, CimInstance> now)
    {
        foreach (var (name, instance) in now)
        {
            if (!before.TryGetValue(name, out var previous))
            {
                yield return Event(EventClasses.Creation, ("TargetInstance", instance));
            }
            else if (query.Wants(EventClasses.Modification) && Differ(previous, instance))
            {
                yield return Event(EventClasses.Modification, ("TargetInstance", instance), ("PreviousInstance", previous));
            }
        }

        foreach (var (name, instance) in before)
        {
            if (!now.ContainsKey(name))
            {
                yield return Event(EventClasses.Deletion, ("TargetInstance", instance));
            }
        }
    }

    private async ValueTask<Dictionary<string, CimInstance>> LookAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CimInstance>(StringComparer.Ordinal);
        foreach (var provider in providers)
        {
            await foreach (var instance in provider.EnumerateAsync(CimNeed.All, cancellationToken).ConfigureAwait(false))
            {
                found[instance.ToString()] = found.Count < MaxInstances
                    ? instance
                    : throw CimError.QuotaViolation($"{query.Watched.Name} has more than {MaxInstances} instances: too many to watch");
            }
        }

        return found;
    }

    private CimInstance Event(CimClass eventClass, params ReadOnlySpan<(string Name, CimValue Value)> values)
    {
        var occurrence = new CimInstance(eventClass) { ["TIME_CREATED"] = (ulong)time.GetUtcNow().ToFileTime() };
        foreach (var (name, value) in values)
        {
            occurrence[name] = value;
        }

        return occurrence;
    }

    private static bool Differ(CimInstance one, CimInstance other)
    {
        for (var slot = 0; slot < one.Class.Properties.Count; slot++)
        {
            if (one[slot] != other[slot])
            {
                return true;
            }
        }

        return false;
    }

    private static string ValueAt(CimInstance occurrence, string path)
    {
        CimValue value = occurrence;
        foreach (var step in path.Split('.'))
        {
            value = value.Kind == CimValueKind.Instance
                ? SystemProperties.TryFind(step, out var system) ? system(value.AsInstance(), "") : value.AsInstance()[step]
                : default;
        }

        return value.ToString();
    }
}
