using Farwire.Linux.Performance;

namespace Farwire.Providers.Performance;

/// <summary>PerfOS_System: the system as a whole.</summary>
internal sealed class SystemCounters : CounterSet<KernelNumbers>
{
    public SystemCounters(LinuxSources linux)
        : base(linux)
    {
        Rate("ContextSwitchesPersec", k => k["ctxt"]);
        Level("Processes", _ => (ulong)linux.Processes.Count());

        // Those that are ready but not running.
        Level("ProcessorQueueLength", k => k["procs_running"] is var running && running > (ulong)linux.Host.LogicalProcessors ? running - (ulong)linux.Host.LogicalProcessors : 0);
        Elapsed("SystemUpTime", _ => linux.Host.BootTime);
        Level("Threads", _ => KernelNumbers.Threads(linux.Paths));
    }

    protected override string Name => "PerfOS_System";

    protected override ValueTask<IReadOnlyList<(string? Name, KernelNumbers Row)>> ReadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<(string? Name, KernelNumbers Row)>>([(null, KernelNumbers.ReadLines(Linux.Paths, "stat"))]);
}
