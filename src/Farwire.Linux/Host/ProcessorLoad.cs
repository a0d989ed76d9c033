using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Host;

/// <summary>How busy the processors are: what they did between two looks.</summary>
/// <remarks>proc(5), "/proc/stat".</remarks>
public sealed class ProcessorLoad(LinuxPaths paths, TimeProvider time)
{
    // Shorter than that, the kernel's ticks of 10 ms are too coarse; longer, the past would count.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private Look? _last;

    /// <summary>The load of the last moments; waits a fifth of a second when nobody looked just before.</summary>
    public async ValueTask<Loads> ReadAsync(CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _last);
        var age = before is null ? TimeSpan.MaxValue : time.GetElapsedTime(before.At);
        if (age > Longest || before!.Times.Count == 0)
        {
            before = new Look(ProcessorTimes.Read(paths), time.GetTimestamp());
            age = TimeSpan.Zero;
        }

        if (age < Shortest)
        {
            await Task.Delay(Shortest - age, time, cancellationToken).ConfigureAwait(false);
        }

        var now = new Look(ProcessorTimes.Read(paths), time.GetTimestamp());
        Volatile.Write(ref _last, now);
        return new Loads(before.Times, now.Times);
    }

    private sealed record Look(IReadOnlyList<ProcessorTimes> Times, long At);
}

/// <summary>What the processors did between two looks.</summary>
public sealed class Loads(IReadOnlyList<ProcessorTimes> before, IReadOnlyList<ProcessorTimes> after)
{
    /// <summary>The share of their time that some processors were busy, 0 to 100; null when nothing was measured.</summary>
    public uint? Percentage(IReadOnlyList<int> processors)
    {
        long busy = 0, total = 0;
        foreach (var number in processors)
        {
            var name = number.ToString(CultureInfo.InvariantCulture);
            if (before.FirstOrDefault(t => t.Name == name) is { } first && after.FirstOrDefault(t => t.Name == name) is { } second)
            {
                busy += Math.Max(0, second.Busy - first.Busy);
                total += Math.Max(0, second.Total - first.Total);
            }
        }

        return total == 0 ? null : (uint)Math.Clamp(100 * busy / total, 0, 100);
    }
}
