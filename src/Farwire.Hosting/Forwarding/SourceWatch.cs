namespace Farwire.Hosting.Forwarding;

/// <summary>Hears of changes of one file, also when it comes and goes.</summary>
internal sealed class SourceWatch : IDisposable
{
    // Editors write in several steps.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private readonly FileSystemWatcher? _watcher;
    private readonly Timer _timer;

    public SourceWatch(string file, Func<Task> changed)
    {
        _timer = new Timer(_ => _ = changed());
        var folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            return;
        }

        _watcher = new FileSystemWatcher(folder, Path.GetFileName(file)) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
        _watcher.Changed += Wait;
        _watcher.Created += Wait;
        _watcher.Deleted += Wait;
        _watcher.Renamed += Wait;
        _watcher.EnableRaisingEvents = true;
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _timer.Dispose();
    }

    private void Wait(object sender, FileSystemEventArgs change) => _timer.Change(Settle, Timeout.InfiniteTimeSpan);
}
