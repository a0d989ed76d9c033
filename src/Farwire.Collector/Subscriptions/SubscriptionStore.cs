using System.Collections.Frozen;
using System.Text;
using Farwire.Events.Subscriptions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Collector.Subscriptions;

/// <summary>The subscriptions of a collector, a file each.</summary>
/// <remarks>
/// Files in the folders of people are only read, so that they can lie under version control; changes by command go to the collector's own folder, which
/// wins where both have a subscription. A file that is none is told in the log and does not stop the others.
/// </remarks>
public sealed class SubscriptionStore
{
    private readonly IReadOnlyList<string> _folders;
    private readonly string _own;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _writing = new();
    private Snapshot _snapshot;
    private string _seen = "";

    /// <summary>Reads the subscriptions.</summary>
    /// <param name="own">The folder that changes are written to; made if it is not there.</param>
    /// <param name="folders">Folders of people.</param>
    /// <param name="time">The clock that says which have ended.</param>
    /// <param name="logger">Hears of files that are no subscriptions.</param>
    public SubscriptionStore(string own, IReadOnlyList<string>? folders = null, TimeProvider? time = null, ILogger<SubscriptionStore>? logger = null)
    {
        (_own, _folders) = (own, folders ?? []);
        (_time, _logger) = (time ?? TimeProvider.System, logger ?? NullLogger<SubscriptionStore>.Instance);
        Directory.CreateDirectory(own);
        _snapshot = Load();
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<SubscriptionDefinition> All => _snapshot.Ordered;

    /// <summary>The subscription of this name, or null; case does not count.</summary>
    public SubscriptionDefinition? Find(string id) => _snapshot.ById.GetValueOrDefault(id);

    /// <summary>The subscription whose messages carry this identifier, or null.</summary>
    public SubscriptionDefinition? Find(Guid identifier) => _snapshot.ByIdentifier.GetValueOrDefault(identifier);

    /// <summary>Keeps a subscription; one of the same name is replaced.</summary>
    public void Put(SubscriptionDefinition subscription)
    {
        lock (_writing)
        {
            var path = PathOf(subscription.Id);
            var temporary = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it may hold passwords
            }

            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.UTF8.GetBytes(SubscriptionWriter.Write(subscription, withPasswords: true)));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            _snapshot = Load();
        }
    }

    /// <summary>Removes a subscription; false when there is none of this name.</summary>
    /// <exception cref="InvalidOperationException">It is a file of people, which the collector does not touch.</exception>
    public bool Remove(string id)
    {
        lock (_writing)
        {
            if (Find(id) is null)
            {
                return false;
            }

            File.Delete(PathOf(id));
            _snapshot = Load();
            return Find(id) is null
                ? true
                : throw new InvalidOperationException($"'{id}' is defined in a file of {string.Join(", ", _folders)}; remove it there.");
        }
    }

    /// <summary>Reads the files again if any has changed.</summary>
    public void Refresh()
    {
        lock (_writing)
        {
            if (Look() != _seen)
            {
                _snapshot = Load();
            }
        }
    }

    private string PathOf(string id) => Path.Combine(_own, Uri.EscapeDataString(id.ToUpperInvariant()).Replace(".", "%2E", StringComparison.Ordinal) + ".xml");

    private IEnumerable<FileInfo> Files() => _folders.Append(_own)
        .Where(Directory.Exists)
        .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*.xml").OrderBy(file => file.Name, StringComparer.Ordinal));

    private string Look() => string.Join('\n', Files().Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"));

    private Snapshot Load()
    {
        _seen = Look();
        var byId = new Dictionary<string, SubscriptionDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Files())
        {
            try
            {
                var subscription = SubscriptionReader.Read(File.ReadAllText(file.FullName));
                byId[subscription.Id] = subscription;
                if (subscription.IsExpired(_time.GetUtcNow()))
                {
                    Log.SubscriptionExpired(_logger, subscription.Id, subscription.Expires);
                }
            }
            catch (Exception e) when (e is SubscriptionFormatException or IOException or UnauthorizedAccessException)
            {
                Log.BadSubscriptionFile(_logger, file.FullName, e.Message);
            }
        }

        return new Snapshot(
            [.. byId.Values.OrderBy(s => s.Id, StringComparer.OrdinalIgnoreCase)],
            byId.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            byId.Values.ToFrozenDictionary(s => SubscriptionVersion.Identifier(s.Id)));
    }

    private sealed record Snapshot(
        IReadOnlyList<SubscriptionDefinition> Ordered, FrozenDictionary<string, SubscriptionDefinition> ById, FrozenDictionary<Guid, SubscriptionDefinition> ByIdentifier);
}
