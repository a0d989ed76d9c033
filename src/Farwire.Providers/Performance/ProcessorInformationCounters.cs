using Farwire.Linux.Host;

namespace Farwire.Providers.Performance;

/// <summary>Counters_ProcessorInformation: as PerfOS_Processor, named by group and number, with clocks. There is one group.</summary>
internal sealed class ProcessorInformationCounters : CounterSet<ProcessorInformationCounters.Row>
{
    public ProcessorInformationCounters(LinuxSources linux)
        : base(linux)
    {
        IdleShare("PercentProcessorTime", r => r.Processor.Time(t => t.Idle + t.Wait));
        TimeShare("PercentIdleTime", r => r.Processor.Time(t => t.Idle + t.Wait));
        TimeShare("PercentUserTime", r => r.Processor.Time(t => t.User + t.Nice));
        TimeShare("PercentPrivilegedTime", r => r.Processor.Time(t => t.System + t.Interrupt + t.SoftInterrupt));
        TimeShare("PercentInterruptTime", r => r.Processor.Time(t => t.Interrupt));
        TimeShare("PercentDPCTime", r => r.Processor.Time(t => t.SoftInterrupt));
        Rate("InterruptsPersec", r => r.Processor.Interrupts);
        Level("ProcessorFrequency", r => r.Package?.Clock ?? 0);
        Level("PercentofMaximumFrequency", r => r.Package is { Clock: { } clock, MaxClock: > 0 and var max } ? 100ul * clock / max : 0);
    }

    protected override string Name => "Counters_ProcessorInformation";

    protected override ValueTask<IReadOnlyList<(string? Name, Row Row)>> ReadAsync(CancellationToken cancellationToken)
    {
        var packages = Linux.Processors.Read();
        var rows = new List<(string?, Row)>();
        foreach (var processor in ProcessorCounters.Rows(Linux))
        {
            var package = packages.FirstOrDefault(p => processor.Number is not { } number || p.Logical.Contains(number));
            rows.Add(("0," + processor.Name, new Row(processor, package)));
            if (processor.Number is null)
            {
                rows.Add((processor.Name, new Row(processor, package)));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<(string? Name, Row Row)>>(rows);
    }

    internal sealed record Row(ProcessorCounters.Row Processor, ProcessorPackage? Package);
}
