using System.Diagnostics.Metrics;
using Farwire.Collector.Administration;

namespace Farwire.Collector;

/// <summary>What the collector measures: for whoever listens to the meter, by OpenTelemetry or as text for Prometheus.</summary>
/// <remarks>Asked, not counted along: nothing of it costs while events come in.</remarks>
internal static class CollectorMeter
{
    public static void AddTo(Meter meter, EventCollector collector)
    {
        meter.CreateObservableCounter("farwire.collector.events", () => collector.Store.LastSequence, null, "Events stored in all");
        meter.CreateObservableGauge("farwire.collector.events.kept", () => collector.Store.Events, null, "Events on disk");
        meter.CreateObservableGauge("farwire.collector.store", () => collector.Store.Bytes, "By", "Bytes of events on disk");
        meter.CreateObservableGauge("farwire.collector.sources", () => States(collector), null, "Sources by how they fare");
        meter.CreateObservableCounter("farwire.collector.duplicates", () => collector.Store.Sources.Sum(s => s.Duplicates), null, "Batches that came twice");
        meter.CreateObservableCounter("farwire.collector.dropped", () => collector.Store.Sources.Sum(s => s.Dropped), null, "Events that sources say they dropped");
        meter.CreateObservableCounter("farwire.collector.broken", () => collector.Store.Sources.Sum(s => s.Broken), null, "Events whose XML is broken");
        meter.CreateObservableCounter("farwire.collector.missing", () => collector.Store.Sources.Sum(s => s.MissingRecords), null, "Records that never came");
        meter.CreateObservableCounter("farwire.collector.cleared", () => collector.Store.Sources.Sum(s => s.ClearedLogs), null, "Logs that were cleared");
        meter.CreateObservableCounter("farwire.collector.strange", () => collector.Store.Sources.Sum(s => s.StrangeEvents), null, "Events of another computer than their source");
        meter.CreateObservableGauge("farwire.collector.output.lag", () => collector.Outputs.Select(o => Of(o.Lag, o.Options.Name)), null, "Events that an output has not sent yet");
        meter.CreateObservableCounter("farwire.collector.output.sent", () => collector.Outputs.Select(o => Of(o.Sent, o.Options.Name)), null, "Events that an output has sent since the start");
        meter.CreateObservableCounter("farwire.collector.output.dead", () => collector.Outputs.Select(o => Of(o.DeadLetters, o.Options.Name)), null, "Events that the other side will never take");
        meter.CreateObservableCounter("farwire.collector.output.passed", () => collector.Outputs.Select(o => Of(o.Dropped, o.Options.Name)), null, "Events that an output passed over");
        meter.CreateObservableGauge("farwire.collector.output.failing", () => collector.Outputs.Select(o => Of(o.LastError is null ? 0 : 1, o.Options.Name)), null, "1 while an output cannot send");
    }

    private static Measurement<long> Of(long value, string output) => new(value, new KeyValuePair<string, object?>("output", output));

    private static IEnumerable<Measurement<int>> States(EventCollector collector)
    {
        var now = collector.Time.GetUtcNow();
        var states = collector.Store.Sources
            .Select(state => (State: state, Subscription: collector.Subscriptions.FindPart(state.Subscription)))
            .Where(pair => pair.Subscription is not null)
            .GroupBy(pair => RuntimeStatus.Of(pair.Subscription!, pair.State, now)).ToDictionary(group => group.Key, group => group.Count());
        return Enum.GetValues<ActiveStatus>().Select(status => new Measurement<int>(
            states.GetValueOrDefault(status), new KeyValuePair<string, object?>("status", status.ToString())));
    }
}
