using Farwire.Events.Queries;

namespace Farwire.Collector.Search;

/// <summary>Which events to find. Everything that is said must hold; what is not said does not matter.</summary>
public sealed record EventSearch
{
    /// <summary>Written at this time or later, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>Written before this time, UTC.</summary>
    public DateTime? To { get; init; }

    /// <summary>The event's own channel; case does not count.</summary>
    public string? Channel { get; init; }

    /// <summary>The machine that the event names; case does not count.</summary>
    public string? Computer { get; init; }

    /// <summary>The provider; case does not count.</summary>
    public string? Provider { get; init; }

    /// <summary>The authenticated sender; case does not count.</summary>
    public string? Source { get; init; }

    /// <summary>The subscription; case does not count.</summary>
    public string? Subscription { get; init; }

    /// <summary>One of these identifiers.</summary>
    public IReadOnlyList<int> EventIds { get; init; } = [];

    /// <summary>One of these levels.</summary>
    public IReadOnlyList<int> Levels { get; init; } = [];

    /// <summary>An XPath of the event subset.</summary>
    public EventFilter? Filter { get; init; }

    /// <summary>A QueryList. A selection from <see cref="Log"/> is one from all channels.</summary>
    public EventQuery? Query { get; init; }

    /// <summary>The log that all stored events are in.</summary>
    public string Log { get; init; } = "ForwardedEvents";

    /// <summary>Text anywhere in the event's XML; case does not count.</summary>
    public string? Text { get; init; }

    /// <summary>Stored after the event of this number.</summary>
    public long After { get; init; }

    /// <summary>Stored before the event of this number.</summary>
    public long Before { get; init; } = long.MaxValue;

    /// <summary>The newest in the store first.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>So many at most.</summary>
    public int Limit { get; init; } = int.MaxValue;
}
