using System.Text;
using Farwire.Events.Records;

namespace Farwire.Collector.Store;

/// <summary>An event as the store keeps it: whole, with what the collector knows about how it came.</summary>
public sealed class StoredEvent
{
    private readonly ReadOnlyMemory<byte> _utf8;
    private EventRecord? _record;

    internal StoredEvent(long sequence, EventOrigin origin, EventSystem system, string? problem, ReadOnlyMemory<byte> utf8)
    {
        Sequence = sequence;
        Origin = origin;
        System = system;
        Problem = problem;
        _utf8 = utf8;
    }

    /// <summary>Its number in the store, from 1; never used twice.</summary>
    public long Sequence { get; }

    /// <summary>How it came.</summary>
    public EventOrigin Origin { get; }

    /// <summary>What it says about itself.</summary>
    public EventSystem System { get; }

    /// <summary>Why its XML is not that of an event; null when it is.</summary>
    public string? Problem { get; }

    /// <summary>The collector that has it: this machine, or the nodes of a database. With <see cref="Sequence"/> it names the event everywhere.</summary>
    public string Collector { get; internal init; } = Environment.MachineName;

    /// <summary>Its XML in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>The whole event.</summary>
    public EventRecord Record => _record ??= EventRecord.Of(Encoding.UTF8.GetString(_utf8.Span), System, Problem);
}

/// <summary>How an event came to the collector.</summary>
/// <param name="Received">When, UTC.</param>
/// <param name="Source">The authenticated name of the machine that sent it.</param>
/// <param name="Subscription">The subscription it was sent for.</param>
public sealed record EventOrigin(DateTime Received, string Source, string Subscription);
