using System.Diagnostics;

namespace Farwire.Benchmarks.Load.Load;

/// <summary>What one short stretch of load brought: answers, seconds, and how long each answer took.</summary>
internal sealed class Slice
{
    private readonly List<long> _latencies = new(100_000);
    private readonly long _started = Stopwatch.GetTimestamp();
    private double _seconds;

    public int Answers => _latencies.Count;

    public double Rate => Answers / _seconds;

    public void Add(long started) => _latencies.Add(Stopwatch.GetTimestamp() - started);

    public void Add(Slice other) => _latencies.AddRange(other._latencies);

    public Slice End()
    {
        _seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        return this;
    }

    /// <summary>The latency in milliseconds that a share of the answers kept to.</summary>
    public double Percentile(double share)
    {
        _latencies.Sort();
        return _latencies.Count == 0 ? double.NaN : Stopwatch.GetElapsedTime(0, _latencies[(int)((_latencies.Count - 1) * share)]).TotalMilliseconds;
    }
}
