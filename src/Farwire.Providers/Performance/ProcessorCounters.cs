using System.Globalization;
using Farwire.Linux.Host;
using Farwire.Linux.Performance;

namespace Farwire.Providers.Performance;

/// <summary>PerfOS_Processor: each logical processor and <c>_Total</c>, which is their average.</summary>
internal sealed class ProcessorCounters : CounterSet<ProcessorCounters.Row>
{
    private const ulong TickTo100Ns = 100_000;

    public ProcessorCounters(LinuxSources linux)
        : base(linux)
    {
        IdleShare("PercentProcessorTime", r => r.Time(t => t.Idle + t.Wait));
        TimeShare("PercentIdleTime", r => r.Time(t => t.Idle + t.Wait));
        TimeShare("PercentUserTime", r => r.Time(t => t.User + t.Nice));
        TimeShare("PercentPrivilegedTime", r => r.Time(t => t.System + t.Interrupt + t.SoftInterrupt));
        TimeShare("PercentInterruptTime", r => r.Time(t => t.Interrupt));
        TimeShare("PercentDPCTime", r => r.Time(t => t.SoftInterrupt));
        Rate("InterruptsPersec", r => r.Interrupts);
    }

    protected override string Name => "PerfOS_Processor";

    protected override ValueTask<IReadOnlyList<(string? Name, Row Row)>> ReadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<(string? Name, Row Row)>>([.. Rows(Linux).Select(r => ((string?)r.Name, r))]);

    internal static IEnumerable<Row> Rows(LinuxSources linux)
    {
        var times = ProcessorTimes.Read(linux.Paths);
        var interrupts = KernelNumbers.Interrupts(linux.Paths);
        foreach (var (at, processor) in times.Skip(1).Index())
        {
            yield return new Row(processor.Name, processor, 1, at < interrupts.Length ? interrupts[at] : 0);
        }

        if (times.Count > 1)
        {
            yield return new Row("_Total", times[0], (ulong)(times.Count - 1), interrupts.Aggregate(0ul, (sum, n) => sum + n));
        }
    }

    internal sealed record Row(string Name, ProcessorTimes Times, ulong Processors, ulong Interrupts)
    {
        public int? Number => int.TryParse(Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        public ulong Time(Func<ProcessorTimes, long> part) => (ulong)part(Times) * TickTo100Ns / Processors;
    }
}
