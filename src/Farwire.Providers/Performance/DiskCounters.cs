using Farwire.Linux.Mounts;
using Farwire.Linux.Storage;

namespace Farwire.Providers.Performance;

/// <summary>What disks and the file systems on them have in common.</summary>
internal abstract class DiskCounters : CounterSet<DiskCounters.Row>
{
    private const ulong MillisecondTo100Ns = 10_000;

    protected DiskCounters(LinuxSources linux)
        : base(linux)
    {
        Rate("DiskReadsPersec", r => r.Counters.Reads);
        Rate("DiskWritesPersec", r => r.Counters.Writes);
        Rate("DiskTransfersPersec", r => r.Counters.Reads + r.Counters.Writes);
        Rate("DiskReadBytesPersec", r => r.Counters.ReadBytes);
        Rate("DiskWriteBytesPersec", r => r.Counters.WrittenBytes);
        Rate("DiskBytesPersec", r => r.Counters.ReadBytes + r.Counters.WrittenBytes);
        Level("CurrentDiskQueueLength", r => r.Counters.InFlight);
        BaseShare("PercentDiskReadTime", r => r.Counters.ReadTime * MillisecondTo100Ns / r.Disks);
        BaseShare("PercentDiskWriteTime", r => r.Counters.WriteTime * MillisecondTo100Ns / r.Disks);
        BaseShare("PercentDiskTime", r => (r.Counters.ReadTime + r.Counters.WriteTime) * MillisecondTo100Ns / r.Disks);
        BaseShare("PercentIdleTime", r => Uptime > r.Counters.BusyTime / r.Disks ? (Uptime - (r.Counters.BusyTime / r.Disks)) * MillisecondTo100Ns : 0);
        Queue("AvgDiskQueueLength", r => r.Counters.QueueTime * MillisecondTo100Ns);
        Queue("AvgDiskReadQueueLength", r => r.Counters.ReadTime * MillisecondTo100Ns);
        Queue("AvgDiskWriteQueueLength", r => r.Counters.WriteTime * MillisecondTo100Ns);
        AverageTime("AvgDisksecPerRead", r => r.Counters.ReadTime, r => r.Counters.Reads);
        AverageTime("AvgDisksecPerWrite", r => r.Counters.WriteTime, r => r.Counters.Writes);
        AverageTime("AvgDisksecPerTransfer", r => r.Counters.ReadTime + r.Counters.WriteTime, r => r.Counters.Reads + r.Counters.Writes);
        Average("AvgDiskBytesPerRead", r => r.Counters.ReadBytes, r => r.Counters.Reads);
        Average("AvgDiskBytesPerWrite", r => r.Counters.WrittenBytes, r => r.Counters.Writes);
        Average("AvgDiskBytesPerTransfer", r => r.Counters.ReadBytes + r.Counters.WrittenBytes, r => r.Counters.Reads + r.Counters.Writes);
    }

    // Idle is what is left of the time since the system started.
    private ulong Uptime => (ulong)(Linux.Time.GetUtcNow() - Linux.Host.BootTime).TotalMilliseconds;

    protected static IReadOnlyList<(string? Name, Row Row)> WithTotal(IReadOnlyList<(string? Name, Row Row)> rows) => rows.Count == 0 ? rows :
    [
        .. rows,
        ("_Total", new Row(rows.Select(r => r.Row.Counters).Aggregate(BlockCounters.Add), (ulong)rows.Count, Sum(rows))),
    ];

    private static MountSpace Sum(IReadOnlyList<(string? Name, Row Row)> rows) => rows.Select(r => r.Row.Space).OfType<MountSpace>()
        .Aggregate(new MountSpace(0, 0, 0, 0), (sum, s) => sum with { Size = sum.Size + s.Size, Free = sum.Free + s.Free });

    /// <param name="Counters">What it did.</param>
    /// <param name="Disks">How many it stands for: shares of time are averages.</param>
    /// <param name="Space">Its sizes, for file systems.</param>
    internal sealed record Row(BlockCounters Counters, ulong Disks, MountSpace? Space);
}

/// <summary>PerfDisk_PhysicalDisk: the disks, named by number and name, and <c>_Total</c>.</summary>
internal sealed class PhysicalDiskCounters(LinuxSources linux) : DiskCounters(linux)
{
    protected override string Name => "PerfDisk_PhysicalDisk";

    protected override ValueTask<IReadOnlyList<(string? Name, Row Row)>> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(WithTotal(
    [
        .. Linux.Blocks.Disks().Index().Where(d => d.Item.Counters is not null).Select(d => ((string?)$"{d.Index} {d.Item.Name}", new Row(d.Item.Counters!, 1, null))),
    ]));
}

/// <summary>PerfDisk_LogicalDisk: the mounted file systems on block devices, named by where they are mounted, and <c>_Total</c>.</summary>
internal sealed class LogicalDiskCounters : DiskCounters
{
    private const ulong MiB = 1024 * 1024;

    public LogicalDiskCounters(LinuxSources linux)
        : base(linux)
    {
        Level("FreeMegabytes", r => (r.Space?.Free ?? 0) / MiB);
        Fraction("PercentFreeSpace", r => (r.Space?.Free ?? 0) / MiB, r => (r.Space?.Size ?? 0) / MiB);
    }

    protected override string Name => "PerfDisk_LogicalDisk";

    protected override async ValueTask<IReadOnlyList<(string? Name, Row Row)>> ReadAsync(CancellationToken cancellationToken)
    {
        var devices = Linux.Blocks.Read().SelectMany(d => d.Partitions().Prepend(d)).ToList();
        var rows = new List<(string?, Row)>();
        await foreach (var mount in Linux.Mounts.ReadAsync(m => m.Kind == MountKind.Local, withSpace: true, Linux.Time, cancellationToken).ConfigureAwait(false))
        {
            if ((devices.Find(d => d.Numbers == mount.Device) ?? devices.Find(d => d.DeviceFile == mount.Source))?.Counters is { } counters)
            {
                rows.Add((mount.MountPoint, new Row(counters, 1, mount.Space)));
            }
        }

        return WithTotal(rows);
    }
}
