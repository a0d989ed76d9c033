using Farwire.Ipmi.Sensor;

namespace Farwire.CommandLine.Bmc;

/// <summary>What a watch saw of each sensor.</summary>
internal sealed class PlotHistory(TimeProvider time)
{
    private const int MaxPoints = 2000;

    private readonly Dictionary<(string Host, string Sensor), PlotSeries> _series = [];

    public IReadOnlyCollection<PlotSeries> Series
    {
        get
        {
            lock (_series)
            {
                return [.. _series.Values];
            }
        }
    }

    public void Add(string host, SensorReading reading) => Add(host, reading.Sensor.Name, reading.Unit.ToString(), reading.Value, reading.Thresholds);

    public void Add(string host, string sensor, string unit, double? reading, SensorThresholds? thresholds)
    {
        if (reading is not { } value)
        {
            return;
        }

        lock (_series)
        {
            var key = (host, sensor);
            if (!_series.TryGetValue(key, out var series))
            {
                _series.Add(key, series = new PlotSeries(host, sensor, unit));
            }

            series.Thresholds = thresholds ?? series.Thresholds;
            if (series.Points.Count == MaxPoints)
            {
                series.Points.RemoveAt(0);
            }

            series.Points.Add((time.GetUtcNow(), value));
        }
    }
}

/// <summary>The values of one sensor.</summary>
internal sealed record PlotSeries(string Host, string Sensor, string Unit)
{
    public List<(DateTimeOffset Time, double Value)> Points { get; } = [];

    public SensorThresholds? Thresholds { get; set; }

    public double Least => Points.Min(p => p.Value);

    public double Most => Points.Max(p => p.Value);
}
