using Farwire.Service.Configuration;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Configuration;

/// <summary>Reads the files again when they change. A broken file changes nothing; the log says where it is wrong.</summary>
public sealed class ConfigurationWatch : IDisposable
{
    // Editors write in several steps.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private readonly ConfigurationFiles _files;
    private readonly LiveConfiguration _live;
    private readonly ILogger _log;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Timer _timer;

    /// <summary>Watches the folders of <paramref name="files"/>.</summary>
    public ConfigurationWatch(ConfigurationFiles files, LiveConfiguration live, ILogger log)
    {
        (_files, _live, _log) = (files, live, log);
        _timer = new Timer(_ => _ = ReadAsync());
        foreach (var folder in new[] { files.ConfigFolder, files.StateFolder }.Where(Directory.Exists))
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = folder == files.ConfigFolder, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += Changed;
            watcher.Created += Changed;
            watcher.Deleted += Changed;
            watcher.Renamed += Changed;
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
    }

    /// <summary>Reads now.</summary>
    public async Task ReadAsync()
    {
        try
        {
            await _live.ReloadAsync(
                before =>
                {
                    var after = _files.Read();
                    if (ChangesBetween(before, after) is { Length: > 0 } changes)
                    {
                        Log.ConfigurationRead(_log, changes);
                    }

                    return after;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (ConfigurationFileException e)
        {
            Log.ConfigurationBroken(_log, e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        _timer.Dispose();
    }

    private void Changed(object sender, FileSystemEventArgs change)
    {
        // What the service itself wrote holds already.
        if (!change.Name!.EndsWith(".new", StringComparison.Ordinal) && (change.FullPath.StartsWith(_files.ConfigFolder, StringComparison.Ordinal) || change.FullPath == _files.ChangesFile))
        {
            _timer.Change(Settle, Timeout.InfiniteTimeSpan);
        }
    }

    private static string ChangesBetween(ServiceConfiguration before, ServiceConfiguration after)
    {
        var settings = ConfigurationTable.Root.AllSettings.Where(setting => before[setting] != after[setting]).Select(setting => $"{setting.Name}={after[setting]}");
        return string.Join(", ", settings.Concat(ConfigurationTable.Tables.SelectMany(table => EntriesBetween(before.EntriesOf(table), after.EntriesOf(table)))));
    }

    private static IEnumerable<string> EntriesBetween(IReadOnlyList<ConfigurationEntry> before, IReadOnlyList<ConfigurationEntry> after) =>
    [
        .. after.Where(entry => !before.Any(other => other.Id == entry.Id)).Select(entry => $"{entry.Id} is new"),
        .. before.Where(entry => !after.Any(other => other.Id == entry.Id)).Select(entry => $"{entry.Id} is gone"),
        .. after.Where(entry => before.Any(other => other.Id == entry.Id && entry.Table.All.Any(setting => other[setting] != entry[setting]))).Select(entry => $"{entry.Id} is different"),
    ];
}
