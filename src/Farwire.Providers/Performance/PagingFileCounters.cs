using Farwire.Linux.Storage;

namespace Farwire.Providers.Performance;

/// <summary>PerfOS_PagingFile: the swap areas and <c>_Total</c>.</summary>
internal sealed class PagingFileCounters : CounterSet<SwapArea>
{
    public PagingFileCounters(LinuxSources linux)
        : base(linux) => Fraction("PercentUsage", s => s.Used, s => s.Size);

    protected override string Name => "PerfOS_PagingFile";

    protected override ValueTask<IReadOnlyList<(string? Name, SwapArea Row)>> ReadAsync(CancellationToken cancellationToken)
    {
        var areas = SwapArea.Read(Linux.Paths);
        var total = new SwapArea("_Total", false, areas.Aggregate(0ul, (sum, s) => sum + s.Size), areas.Aggregate(0ul, (sum, s) => sum + s.Used));
        return ValueTask.FromResult<IReadOnlyList<(string? Name, SwapArea Row)>>([.. areas.Append(total).Select(s => ((string?)s.Name, s))]);
    }
}
