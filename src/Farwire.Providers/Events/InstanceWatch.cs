using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Events;

/// <summary>Tells what came, went and changed among instances: two looks at them are compared by key.</summary>
internal sealed class InstanceWatch(EventQuery query, IReadOnlyList<ICimProvider> providers, TimeProvider time)
{
    private const int MaxInstances = 100_000;

    private Dictionary<string, CimInstance> _before = [];

    /// <summary>Takes the first look. What happens from here on is told.</summary>
    public async ValueTask BeginAsync(CancellationToken cancellationToken) => _before = await LookAsync(cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<CimInstance> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var groups = new Dictionary<string, (CimInstance First, uint Count, long Began)>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            await Task.Delay(query.Within, time, cancellationToken).ConfigureAwait(false);
            var now = await LookAsync(cancellationToken).ConfigureAwait(false);
            foreach (var occurrence in Compare(_before, now).Where(query.Passes))
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
