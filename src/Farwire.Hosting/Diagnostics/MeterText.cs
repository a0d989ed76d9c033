using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Farwire.Hosting.Diagnostics;

/// <summary>What one meter measures, as text that Prometheus reads.</summary>
/// <remarks>Prometheus, "Exposition formats", text format 0.0.4; names as OpenTelemetry translates them: dots become <c>_</c>, units and <c>_total</c> follow.</remarks>
internal sealed class MeterText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    // More combinations of labels than a meter of ours has; a mistake must not fill the memory.
    private const int MaxSeries = 2000;

    // Seconds; from what a Get takes to what a client waits.
    private static readonly double[] Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<SeriesKey, Series> _series = new();

    public MeterText(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>All that was measured until now.</summary>
    public override string ToString()
    {
        foreach (var (key, _) in _series.Where(one => one.Key.Instrument.IsObservable))
        {
            _series.TryRemove(key, out _); // what is not told again is gone
        }

        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var instrument in _series.GroupBy(one => one.Key.Instrument).OrderBy(group => group.Key.Name, StringComparer.Ordinal))
        {
            var name = NameOf(instrument.Key);
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Key.Description}\n# TYPE {name} {TypeOf(instrument.Key)}\n");
            foreach (var (key, series) in instrument.OrderBy(one => one.Key.Labels, StringComparer.Ordinal))
            {
                series.Write(text, name, key.Labels);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = new SeriesKey(instrument, LabelsOf(labels));
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            series = _series.GetOrAdd(key, static one => one.Instrument is Histogram<double> ? new Distribution() : one.Instrument.IsObservable ? new Last() : new Sum());
        }

        series.Add(value);
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            var escaped = Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? "" : ",")}{name}=\"{escaped}\"");
        }

        return text.ToString();
    }

    private static string NameOf(Instrument instrument) =>
        instrument.Name.Replace('.', '_') + (instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" }) + (instrument is Counter<long> or ObservableCounter<long> ? "_total" : "");

    private static string TypeOf(Instrument instrument) => instrument switch { Counter<long> or ObservableCounter<long> => "counter", Histogram<double> => "histogram", _ => "gauge" };

    private sealed record SeriesKey(Instrument Instrument, string Labels);

    private abstract class Series
    {
        public abstract void Add(double value);

        public abstract void Write(StringBuilder text, string name, string labels);

        protected static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : "{" + labels + "}")} {value:R}\n");
    }

    private sealed class Last : Series
    {
        private double _value;

        public override void Add(double value) => Volatile.Write(ref _value, value);

        public override void Write(StringBuilder text, string name, string labels) => Line(text, name, labels, Volatile.Read(ref _value));
    }

    private sealed class Sum : Series
    {
        private long _value;

        public override void Add(double value) => Interlocked.Add(ref _value, (long)value);

        public override void Write(StringBuilder text, string name, string labels) => Line(text, name, labels, Interlocked.Read(ref _value));
    }

    private sealed class Distribution : Series
    {
        private readonly Lock _lock = new();
        private readonly long[] _counts = new long[Buckets.Length + 1];
        private double _sum;

        public override void Add(double value)
        {
            var bucket = Array.FindIndex(Buckets, limit => value <= limit);
            lock (_lock)
            {
                _counts[bucket < 0 ? Buckets.Length : bucket]++;
                _sum += value;
            }
        }

        public override void Write(StringBuilder text, string name, string labels)
        {
            lock (_lock)
            {
                var (below, comma) = (0L, labels.Length == 0 ? "" : ",");
                for (var i = 0; i < _counts.Length; i++)
                {
                    below += _counts[i];
                    Line(text, name + "_bucket", $"{labels}{comma}le=\"{(i < Buckets.Length ? Buckets[i].ToString(CultureInfo.InvariantCulture) : "+Inf")}\"", below);
                }

                Line(text, name + "_sum", labels, _sum);
                Line(text, name + "_count", labels, below);
            }
        }
    }
}
