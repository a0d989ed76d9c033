using Farwire.Linux.Performance;

namespace Farwire.Providers.Performance;

/// <summary>PerfOS_Memory: memory, its cache, and what goes to and comes from swap areas.</summary>
internal sealed class MemoryCounters : CounterSet<MemoryCounters.Row>
{
    public MemoryCounters(LinuxSources linux)
        : base(linux)
    {
        Level("AvailableBytes", r => r.Bytes("MemAvailable"));
        Level("AvailableKBytes", r => r.Memory["MemAvailable"]);
        Level("AvailableMBytes", r => r.Memory["MemAvailable"] / 1024);
        Level("CacheBytes", r => r.Bytes("Cached") + r.Bytes("Buffers"));
        Level("CommitLimit", r => r.Bytes("CommitLimit"));
        Level("CommittedBytes", r => r.Bytes("Committed_AS"));
        Fraction("PercentCommittedBytesInUse", r => r.Memory["Committed_AS"], r => r.Memory["CommitLimit"]);
        Level("FreeAndZeroPageListBytes", r => r.Bytes("MemFree"));
        Level("ModifiedPageListBytes", r => r.Bytes("Dirty") + r.Bytes("Writeback"));
        Level("StandbyCacheNormalPriorityBytes", r => r.Bytes("Inactive(file)"));
        Level("PoolPagedBytes", r => r.Bytes("SReclaimable"));
        Level("PoolNonpagedBytes", r => r.Bytes("SUnreclaim") + r.Bytes("KernelStack") + r.Bytes("PageTables"));
        Level("SystemCacheResidentBytes", r => r.Bytes("Cached"));
        Rate("PageFaultsPersec", r => r.Events["pgfault"]);
        Rate("PageReadsPersec", r => r.Events["pgmajfault"]);
        Rate("PagesInputPersec", r => r.Events["pswpin"]);
        Rate("PagesOutputPersec", r => r.Events["pswpout"]);
        Rate("PagesPersec", r => r.Events["pswpin"] + r.Events["pswpout"]);
    }

    protected override string Name => "PerfOS_Memory";

    protected override ValueTask<IReadOnlyList<(string? Name, Row Row)>> ReadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<(string? Name, Row Row)>>([(null, new Row(KernelNumbers.ReadLines(Linux.Paths, "meminfo"), KernelNumbers.ReadLines(Linux.Paths, "vmstat")))]);

    internal sealed record Row(KernelNumbers Memory, KernelNumbers Events)
    {
        public ulong Bytes(string name) => Memory[name] * 1024;
    }
}
