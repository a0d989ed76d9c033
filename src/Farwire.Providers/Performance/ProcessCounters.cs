using Farwire.Linux.Processes;

namespace Farwire.Providers.Performance;

/// <summary>PerfProc_Process: the processes by name, of several with one name the later ones as <c>name#1</c>, and <c>_Total</c>.</summary>
internal sealed class ProcessCounters : CounterSet<ProcessCounters.Row>
{
    private const ProcessDetails Details = ProcessDetails.Stat | ProcessDetails.Status | ProcessDetails.InputOutput | ProcessDetails.Handles;

    public ProcessCounters(LinuxSources linux)
        : base(linux)
    {
        Level("IDProcess", r => (ulong)(r.Single?.Id ?? 0));
        Level("CreatingProcessID", r => (ulong)(r.Single?.ParentId ?? 0));
        Level("PriorityBase", r => (ulong)Math.Max(0, r.Single?.Priority ?? 0));
        Elapsed("ElapsedTime", r => linux.Host.BootTime.AddTicks(r.Single?.StartTicks ?? 0));
        TimeShare("PercentProcessorTime", r => r.Sum(p => (ulong?)(p.UserTicks + p.KernelTicks)));
        TimeShare("PercentUserTime", r => r.Sum(p => (ulong?)p.UserTicks));
        TimeShare("PercentPrivilegedTime", r => r.Sum(p => (ulong?)p.KernelTicks));
        Level("ThreadCount", r => r.Sum(p => (ulong?)p.Threads));
        Level("HandleCount", r => r.Sum(p => (ulong?)p.Handles));
        Level("VirtualBytes", r => r.Sum(p => p.VirtualBytes));
        Level("VirtualBytesPeak", r => r.Sum(p => p.PeakVirtualBytes));
        Level("WorkingSet", r => r.Sum(p => p.ResidentBytes));
        Level("WorkingSetPeak", r => r.Sum(p => p.PeakResidentBytes));
        Level("PrivateBytes", r => r.Sum(p => p.PrivateBytes));
        Level("PageFileBytes", r => r.Sum(p => p.SwappedBytes));
        Rate("PageFaultsPersec", r => r.Sum(p => (ulong?)p.PageFaults));
        Rate("IOReadOperationsPersec", r => r.Sum(p => p.ReadOperations));
        Rate("IOWriteOperationsPersec", r => r.Sum(p => p.WriteOperations));
        Rate("IODataOperationsPersec", r => r.Sum(p => p.ReadOperations + p.WriteOperations));
        Rate("IOReadBytesPersec", r => r.Sum(p => p.ReadBytes));
        Rate("IOWriteBytesPersec", r => r.Sum(p => p.WrittenBytes));
        Rate("IODataBytesPersec", r => r.Sum(p => p.ReadBytes + p.WrittenBytes));
    }

    protected override string Name => "PerfProc_Process";

    protected override ValueTask<IReadOnlyList<(string? Name, Row Row)>> ReadAsync(CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<(string?, Row)>();
        var all = Linux.Processes.Read(Details).ToList();
        foreach (var process in all.OrderBy(p => p.StartTicks).ThenBy(p => p.Id))
        {
            var name = process.Name ?? "";
            var number = seen[name] = seen.GetValueOrDefault(name, -1) + 1;
            rows.Add((number == 0 ? name : $"{name}#{number}", new Row(process, [process])));
        }

        rows.Add(("_Total", new Row(null, all)));
        return ValueTask.FromResult<IReadOnlyList<(string? Name, Row Row)>>(rows);
    }

    internal sealed record Row(ProcessFacts? Single, IReadOnlyList<ProcessFacts> Processes)
    {
        public ulong Sum(Func<ProcessFacts, ulong?> part) => Processes.Aggregate(0ul, (sum, p) => sum + (part(p) ?? 0));
    }
}
