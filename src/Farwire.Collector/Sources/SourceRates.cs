using Farwire.Collector.Store;

namespace Farwire.Collector.Sources;

/// <summary>How many events came from each source in each of the last minutes. Kept in memory: it begins anew with the process.</summary>
public sealed class SourceRates
{
    /// <summary>Minutes that are kept, the one that runs included.</summary>
    public const int Minutes = 120;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string, string), Row> _rows = new(SourceKey.Comparer);
    private readonly int[] _total = new int[Minutes];
    private long _minute;
    private bool _hasBegun;

    /// <summary>Of all sources together, the oldest minute first.</summary>
    public IReadOnlyList<int> Total
    {
        get
        {
            lock (_lock)
            {
                return InOrder(_total);
            }
        }
    }

    /// <summary>Of one source in one subscription, the oldest minute first.</summary>
    public IReadOnlyList<int> Of(string source, string subscription)
    {
        lock (_lock)
        {
            return _rows.GetValueOrDefault((source, subscription))?.Counts is { } counts ? InOrder(counts) : new int[Minutes];
        }
    }

    /// <summary>Takes note of what has come since the last time. What had come before the first is history.</summary>
    public void Sample(IEnumerable<SourceState> states, DateTime now)
    {
        lock (_lock)
        {
            Advance(now.Ticks / TimeSpan.TicksPerMinute);
            var at = (int)(_minute % Minutes);
            foreach (var state in states)
            {
                if (!_rows.TryGetValue((state.Source, state.Subscription), out var row))
                {
                    _rows[(state.Source, state.Subscription)] = row = new Row { Events = _hasBegun ? 0 : state.Events };
                }

                var came = (int)Math.Clamp(state.Events - row.Events, 0, int.MaxValue);
                row.Events = state.Events;
                if (came > 0)
                {
                    (row.Counts ??= new int[Minutes])[at] += came; // a source that says nothing costs nothing
                    _total[at] += came;
                }
            }

            _hasBegun = true;
        }
    }

    private void Advance(long minute)
    {
        // A clock that went back leaves the minutes as they are.
        for (var passed = Math.Clamp(minute - _minute, 0, Minutes); passed > 0; passed--)
        {
            var at = (int)((minute - passed + 1) % Minutes);
            _total[at] = 0;
            foreach (var row in _rows.Values)
            {
                if (row.Counts is { } counts)
                {
                    counts[at] = 0;
                }
            }
        }

        _minute = Math.Max(_minute, minute);
    }

    private int[] InOrder(int[] counts)
    {
        var oldest = (int)((_minute + 1) % Minutes);
        return [.. counts.AsSpan(oldest), .. counts.AsSpan(0, oldest)];
    }

    private sealed class Row
    {
        public long Events { get; set; }

        public int[]? Counts { get; set; }
    }
}
