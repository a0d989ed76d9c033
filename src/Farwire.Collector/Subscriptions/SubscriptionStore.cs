using System.Collections.Frozen;
using Farwire.Events.Subscriptions;
using Farwire.Security.Accounts;
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
    private readonly ISubscriptionShelf _own;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SubscriptionSecrets _secrets;
    private readonly AddedChannels _added;
    private readonly Lock _writing = new();
    private Snapshot _snapshot;
    private string _seen = "";

    /// <summary>Reads the subscriptions.</summary>
    /// <param name="own">The folder that changes are written to; made if it is not there.</param>
    /// <param name="folders">Folders of people.</param>
    /// <param name="time">The clock that says which have ended.</param>
    /// <param name="logger">Hears of files that are no subscriptions.</param>
    /// <param name="key">Seals their passwords; null leaves them as they are.</param>
    /// <param name="hasBegun">Whether any source has a bookmark for a subscription; none has when null.</param>
    public SubscriptionStore(
        string own, IReadOnlyList<string>? folders = null, TimeProvider? time = null, ILogger<SubscriptionStore>? logger = null, SecretKey? key = null, Func<string, bool>? hasBegun = null)
        : this(new FolderShelf(own), folders, time, logger, key, hasBegun)
    {
    }

    internal SubscriptionStore(
        ISubscriptionShelf own, IReadOnlyList<string>? folders = null, TimeProvider? time = null, ILogger<SubscriptionStore>? logger = null, SecretKey? key = null, Func<string, bool>? hasBegun = null)
    {
        (_own, _folders) = (own, folders ?? []);
        (_time, _logger) = (time ?? TimeProvider.System, logger ?? NullLogger<SubscriptionStore>.Instance);
        _secrets = new SubscriptionSecrets(key, _logger);
        _added = new AddedChannels(own, hasBegun ?? (static _ => false), _logger);
        _snapshot = Load();
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<SubscriptionDefinition> All => _snapshot.Ordered;

    /// <summary>All of them as sources see them: those that were given channels later in parts, the companions behind their subscription.</summary>
    public IReadOnlyList<SubscriptionDefinition> Parts => _snapshot.Parts;

    /// <summary>The subscription of this name, or null; case does not count.</summary>
    public SubscriptionDefinition? Find(string id) => _snapshot.ById.GetValueOrDefault(id);

    /// <summary>The subscription, or part of one, of this name, or null; case does not count.</summary>
    public SubscriptionDefinition? FindPart(string id) => Find(SubscriptionVersion.Identifier(id));

    /// <summary>The subscription, or part of one, whose messages carry this identifier, or null.</summary>
    public SubscriptionDefinition? Find(Guid identifier) => _snapshot.ByIdentifier.GetValueOrDefault(identifier);

    /// <summary>Keeps a subscription; one of the same name is replaced.</summary>
    public void Put(SubscriptionDefinition subscription)
    {
        lock (_writing)
        {
            Write(subscription);
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

            _own.Remove(id);
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

    private string Look() => string.Join('\n', _folders.Select(FolderShelf.Look).Append(_own.Look()));

    private Snapshot Load()
    {
        _seen = Look();
        var byId = new Dictionary<string, SubscriptionDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in _folders.SelectMany(FolderShelf.FilesIn))
        {
            Take(file.FullName, () => File.ReadAllText(file.FullName), byId);
        }

        foreach (var (name, read) in _own.Read())
        {
            if (Take(name, read, byId) is { } subscription)
            {
                var opened = byId[subscription.Id] = _secrets.Open(subscription);
                if (_secrets.IsOpen(subscription))
                {
                    Write(opened); // from before there was a key
                }
            }
        }

        var ordered = byId.Values.OrderBy(s => s.Id, StringComparer.OrdinalIgnoreCase).ToList();
        var parts = ordered.SelectMany(subscription => _added.PartsOf(subscription, byId.ContainsKey)).ToList();
        _added.Save(byId.Keys);
        return new Snapshot(
            ordered,
            parts,
            byId.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            parts.ToFrozenDictionary(s => SubscriptionVersion.Identifier(s.Id)));
    }

    private SubscriptionDefinition? Take(string name, Func<string> read, Dictionary<string, SubscriptionDefinition> byId)
    {
        try
        {
            var subscription = SubscriptionReader.Read(read());
            byId[subscription.Id] = subscription;
            if (subscription.IsExpired(_time.GetUtcNow()))
            {
                Log.SubscriptionExpired(_logger, subscription.Id, subscription.Expires);
            }

            return subscription;
        }
        catch (Exception e) when (e is SubscriptionFormatException or IOException or UnauthorizedAccessException)
        {
            Log.BadSubscriptionFile(_logger, name, e.Message);
            return null;
        }
    }

    private void Write(SubscriptionDefinition subscription) => _own.Write(subscription.Id, SubscriptionWriter.Write(_secrets.Seal(subscription), withPasswords: true));

    private sealed record Snapshot(
        IReadOnlyList<SubscriptionDefinition> Ordered, IReadOnlyList<SubscriptionDefinition> Parts, FrozenDictionary<string, SubscriptionDefinition> ById, FrozenDictionary<Guid, SubscriptionDefinition> ByIdentifier);
}
