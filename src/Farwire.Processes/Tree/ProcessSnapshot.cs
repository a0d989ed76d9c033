using System.Globalization;

namespace Farwire.Processes.Tree;

/// <summary>All processes of the system at one moment.</summary>
internal sealed class ProcessSnapshot
{
    private readonly Dictionary<int, ProcessStat> _all = [];

    public IEnumerable<ProcessStat> Running => _all.Values.Where(process => !process.IsEnded);

    public static ProcessSnapshot Take()
    {
        var snapshot = new ProcessSnapshot();
        Span<byte> buffer = stackalloc byte[1024];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ProcessStat.Read(id, buffer) is { } process)
            {
                snapshot._all.Add(id, process);
            }
        }

        return snapshot;
    }

    /// <summary>What the session of a program, and all who descend from it, take.</summary>
    public ProcessUsage UsageOf(int root) => Running
        .Where(process => process.Session == root || Descends(process, root))
        .Aggregate(default(ProcessUsage), (sum, process) => sum + new ProcessUsage(1, ProcessStat.ResidentBytes(process.Id)));

    public bool Descends(ProcessStat process, int root)
    {
        // Bounded by the table's size: ids that were used again could close a ring.
        for (var i = 0; i < _all.Count; i++)
        {
            if (process.Id == root)
            {
                return true;
            }

            if (!_all.TryGetValue(process.Parent, out process))
            {
                return false;
            }
        }

        return false;
    }
}
