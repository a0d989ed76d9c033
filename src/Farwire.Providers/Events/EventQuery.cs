using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Events;

/// <summary>An event query made ready: whose instances are watched, how often, and which events pass.</summary>
/// <remarks>The WMI SDK, "Receiving event notifications", "WITHIN clause", "GROUP clause".</remarks>
internal sealed class EventQuery
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<CimClass, WqlFilter> _filters = [];

    private EventQuery(WqlQuery query, CimClass watched) => (Query, Watched) = (query, watched);

    public WqlQuery Query { get; }

    /// <summary>The class whose instances are watched, with those derived from it.</summary>
    public CimClass Watched { get; }

    /// <summary>How often they are looked at.</summary>
    public TimeSpan Within => Query.Within is { } within && within > Shortest ? within : Shortest;

    public static EventQuery Read(string text, CimNamespace place)
    {
        try
        {
            var query = WqlQuery.Parse(text);
            var events = EventClasses.Below(query.ClassName) ?? throw CimError.InvalidQuery($"{query.ClassName} is no class of events that is served: __InstanceCreationEvent and its like are");
            var watched = query.Where is null ? null : TargetOf(query.Where);
            var ready = new EventQuery(query, place.Class(watched ?? throw CimError.InvalidQuery("the condition must say TargetInstance ISA 'CLASS'")));
            WqlException? last = null;
            foreach (var eventClass in events)
            {
                try
                {
                    ready._filters[eventClass] = new WqlFilter(query, eventClass);
                }
                catch (WqlException e)
                {
                    last = e; // only events of modification have a PreviousInstance
                }
            }

            return ready._filters.Count > 0 ? ready : throw last!;
        }
        catch (WqlException e)
        {
            throw e.IsLimit ? CimError.QuotaViolation(e.Message) : CimError.InvalidQuery(e.Message);
        }
    }

    /// <summary>True when events of this class can pass at all.</summary>
    public bool Wants(CimClass eventClass) => _filters.ContainsKey(eventClass);

    public bool Passes(CimInstance occurrence) => _filters.TryGetValue(occurrence.Class, out var filter) && filter.Matches(occurrence);

    private static string? TargetOf(WqlCondition condition) => condition switch
    {
        WqlAnd and => TargetOf(and.Left) ?? TargetOf(and.Right),
        WqlIsA isA when isA.Property.Equals("TargetInstance", StringComparison.OrdinalIgnoreCase) => isA.ClassName,
        _ => null,
    };
}
