namespace Farwire.Providers.Performance;

/// <summary>What a counter's raw value means, and how the formatted value comes from two of them.</summary>
/// <remarks>The Windows SDK, "Counter types". N is the raw value, B its base, T the time in 100 ns, P the time in ticks, F ticks a second.</remarks>
internal enum CounterKind
{
    /// <summary>PERF_COUNTER_RAWCOUNT: N as it is.</summary>
    Level,

    /// <summary>PERF_COUNTER_COUNTER, PERF_COUNTER_BULK_COUNT: ΔN / (ΔP / F).</summary>
    Rate,

    /// <summary>PERF_100NSEC_TIMER: N is time used; 100 × ΔN / ΔT.</summary>
    TimeShare,

    /// <summary>PERF_100NSEC_TIMER_INV: N is idle time; 100 × (1 − ΔN / ΔT).</summary>
    IdleShare,

    /// <summary>PERF_PRECISION_100NS_TIMER: as a share of time, with the time as base; 100 × ΔN / ΔB.</summary>
    BaseShare,

    /// <summary>PERF_ELAPSED_TIME: N is when it began; (T − N) / 10⁷.</summary>
    Elapsed,

    /// <summary>PERF_RAW_FRACTION: 100 × N / B.</summary>
    Fraction,

    /// <summary>PERF_AVERAGE_TIMER: N is in ticks; (ΔN / F) / ΔB.</summary>
    AverageTime,

    /// <summary>PERF_AVERAGE_BULK: ΔN / ΔB.</summary>
    Average,

    /// <summary>PERF_COUNTER_100NS_QUEUELEN_TYPE: N is time, each counted as often as there were waiting; ΔN / ΔT.</summary>
    Queue,
}
