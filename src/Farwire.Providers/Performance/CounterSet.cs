using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Performance;

/// <summary>Counters of one kind of thing: a list of lines from which both classes come, the raw and the formatted one.</summary>
/// <remarks>
/// The formatted class compares with what it saw last. When that was too long ago, or only just, it looks twice, a second apart.
/// </remarks>
internal abstract class CounterSet<TRow>(LinuxSources linux)
    where TRow : class
{
    private const ulong SecondsTo100Ns = 10_000_000;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly List<Counter> _counters = [];
    private Sample? _last;

    protected LinuxSources Linux { get; } = linux;

    /// <summary>The names that the classes end with, such as <c>PerfOS_Processor</c>.</summary>
    protected abstract string Name { get; }

    /// <summary>The things now, each with its name; a single one has none.</summary>
    protected abstract ValueTask<IReadOnlyList<(string? Name, TRow Row)>> ReadAsync(CancellationToken cancellationToken);

    protected void Level(string property, Func<TRow, ulong> value) => Add(CounterKind.Level, property, value);

    protected void Rate(string property, Func<TRow, ulong> value) => Add(CounterKind.Rate, property, value);

    protected void TimeShare(string property, Func<TRow, ulong> value) => Add(CounterKind.TimeShare, property, value);

    protected void IdleShare(string property, Func<TRow, ulong> value) => Add(CounterKind.IdleShare, property, value);

    protected void BaseShare(string property, Func<TRow, ulong> value) => Add(CounterKind.BaseShare, property, value);

    protected void Elapsed(string property, Func<TRow, DateTimeOffset> since) => Add(CounterKind.Elapsed, property, row => Since1601(since(row)));

    protected void Fraction(string property, Func<TRow, ulong> value, Func<TRow, ulong> whole) => Add(CounterKind.Fraction, property, value, whole);

    /// <param name="property">The property.</param>
    /// <param name="milliseconds">How long all took together.</param>
    /// <param name="count">How many they were.</param>
    protected void AverageTime(string property, Func<TRow, ulong> milliseconds, Func<TRow, ulong> count) =>
        Add(CounterKind.AverageTime, property, row => milliseconds(row) * (ulong)Linux.Time.TimestampFrequency / 1000, count);

    protected void Average(string property, Func<TRow, ulong> sum, Func<TRow, ulong> count) => Add(CounterKind.Average, property, sum, count);

    protected void Queue(string property, Func<TRow, ulong> value) => Add(CounterKind.Queue, property, value);

    /// <summary>The providers of the two classes, as far as the schema has them.</summary>
    public IEnumerable<ICimProvider> Over(CimSchema schema)
    {
        if (schema.Find("Win32_PerfRawData_" + Name) is { } raw)
        {
            yield return new RawProvider(this, raw);
        }

        if (schema.Find("Win32_PerfFormattedData_" + Name) is { } formatted)
        {
            yield return new FormattedProvider(this, formatted);
        }
    }

    private void Add(CounterKind kind, string property, Func<TRow, ulong> value, Func<TRow, ulong>? whole = null) => _counters.Add(new Counter(kind, property, value, whole));

    private async ValueTask<Sample> LookAsync(CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var (ticks, time) = (Linux.Time.GetTimestamp(), Since1601(Linux.Time.GetUtcNow()));
        return new Sample(ticks, time, [.. rows.Select(row => new Thing(row.Name, [.. _counters.Select(c => Value(c, row.Row, time))]))]);
    }

    private static (ulong Value, ulong Base) Value(Counter counter, TRow row, ulong time) =>
        (counter.Value(row), counter.Base?.Invoke(row) ?? (counter.Kind == CounterKind.BaseShare ? time : 0));

    // Two looks: what was seen last, when that was well ago but not long ago, and now.
    private async ValueTask<(Sample Before, Sample Now)> LookTwiceAsync(CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _last);
        if (before is null || Linux.Time.GetElapsedTime(before.Ticks) is var age && (age < Shortest || age > Longest))
        {
            before = await LookAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Apart, Linux.Time, cancellationToken).ConfigureAwait(false);
        }

        var now = await LookAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _last, now);
        return (before, now);
    }

    private static double Format(CounterKind kind, (ulong Value, ulong Base) before, (ulong Value, ulong Base) now, double seconds, double time, ulong nowTime, double frequency)
    {
        // A thing that began anew counts from nothing.
        double value = now.Value >= before.Value ? now.Value - before.Value : 0;
        double whole = now.Base >= before.Base ? now.Base - before.Base : 0;
        return kind switch
        {
            CounterKind.Level => now.Value,
            CounterKind.Rate => seconds > 0 ? value / seconds : 0,
            CounterKind.TimeShare => time > 0 ? 100 * value / time : 0,
            CounterKind.IdleShare => time > 0 ? Math.Clamp(100 * (1 - (value / time)), 0, 100) : 0,
            CounterKind.BaseShare => whole > 0 ? 100 * value / whole : 0,
            CounterKind.Elapsed => nowTime > now.Value ? (nowTime - now.Value) / SecondsTo100Ns : 0,
            CounterKind.Fraction => now.Base > 0 ? 100.0 * now.Value / now.Base : 0,
            CounterKind.AverageTime => whole > 0 ? value / frequency / whole : 0,
            CounterKind.Average => whole > 0 ? value / whole : 0,
            CounterKind.Queue => time > 0 ? value / time : 0,
            _ => 0,
        };
    }

    private static ulong Since1601(DateTimeOffset time) => (ulong)time.UtcDateTime.ToFileTimeUtc();

    private sealed record Counter(CounterKind Kind, string Property, Func<TRow, ulong> Value, Func<TRow, ulong>? Base);

    private sealed record Thing(string? Name, (ulong Value, ulong Base)[] Values);

    private sealed record Sample(long Ticks, ulong Time, IReadOnlyList<Thing> Things);

    private abstract class Provider(CounterSet<TRow> set, CimClass cimClass) : ICimProvider
    {
        public CimClass Class => cimClass;

        protected CounterSet<TRow> Set => set;

        public abstract IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, CancellationToken cancellationToken);

        public async ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        {
            await foreach (var instance in EnumerateAsync(CimNeed.All, cancellationToken).ConfigureAwait(false))
            {
                if (instance["Name"].ToString().Equals(keys[0], StringComparison.OrdinalIgnoreCase))
                {
                    return instance;
                }
            }

            return null;
        }

        protected CimInstance New(string? name, ulong time, long ticks)
        {
            var instance = new CimInstance(cimClass) { ["Name"] = name };
            instance["Frequency_Object"] = SecondsTo100Ns;
            instance["Frequency_PerfTime"] = (ulong)set.Linux.Time.TimestampFrequency;
            instance["Frequency_Sys100NS"] = SecondsTo100Ns;
            instance["Timestamp_Object"] = time;
            instance["Timestamp_PerfTime"] = (ulong)ticks;
            instance["Timestamp_Sys100NS"] = time;
            return instance;
        }

        // A counter of 32 bits begins again at nothing.
        protected void Put(CimInstance instance, string property, ulong value)
        {
            var slot = cimClass.SlotOf(property);
            if (slot >= 0)
            {
                instance[slot] = cimClass.Properties[slot].Type == CimType.UInt32 ? unchecked((uint)value) : value;
            }
        }
    }

    private sealed class RawProvider(CounterSet<TRow> set, CimClass cimClass) : Provider(set, cimClass)
    {
        public override async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var sample = await Set.LookAsync(cancellationToken).ConfigureAwait(false);
            foreach (var thing in sample.Things)
            {
                var instance = New(thing.Name, sample.Time, sample.Ticks);
                for (var i = 0; i < thing.Values.Length; i++)
                {
                    Put(instance, Set._counters[i].Property, thing.Values[i].Value);
                    Put(instance, Set._counters[i].Property + "_Base", thing.Values[i].Base);
                }

                yield return instance;
            }
        }
    }

    private sealed class FormattedProvider(CounterSet<TRow> set, CimClass cimClass) : Provider(set, cimClass)
    {
        public override async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var (before, now) = await Set.LookTwiceAsync(cancellationToken).ConfigureAwait(false);
            var frequency = (double)Set.Linux.Time.TimestampFrequency;
            var (seconds, time) = ((now.Ticks - before.Ticks) / frequency, (double)now.Time - before.Time);
            var earlier = before.Things.ToDictionary(t => t.Name ?? "", StringComparer.Ordinal);
            foreach (var thing in now.Things)
            {
                // What was not there before has done all it did since.
                var values = earlier.GetValueOrDefault(thing.Name ?? "")?.Values;
                var instance = New(thing.Name, now.Time, now.Ticks);
                for (var i = 0; i < thing.Values.Length; i++)
                {
                    var counter = Set._counters[i];
                    Put(instance, counter.Property, (ulong)Math.Round(Format(counter.Kind, values?[i] ?? thing.Values[i], thing.Values[i], seconds, time, now.Time, frequency)));
                }

                yield return instance;
            }
        }
    }
}
