using System.Runtime.CompilerServices;
using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Linux.Journal;
using Farwire.Source.Channels;
using Farwire.Source.Mapping;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Source.Journal;

/// <summary>The journal of this machine as channels of Windows events.</summary>
public sealed class JournalChannels : ILocalChannels, IDisposable
{
    private readonly Func<JournalReader> _open;
    private readonly JournalIndex _index;
    private readonly EventComposer _composer;
    private readonly Dictionary<string, string> _names;

    private JournalChannels(Func<JournalReader> open, string state, EventRules rules, string computer, ILogger logger)
    {
        _open = open;
        _names = rules.Channels.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);
        _composer = new EventComposer(computer);
        _index = new JournalIndex(open, state, rules, logger);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => _names.Keys;

    /// <summary>Ends when everything that the journal held at the start is counted; readers wait for it.</summary>
    public Task Ready => _index.CaughtUp;

    /// <summary>Opens the journal of this machine; null where there is none.</summary>
    /// <param name="state">The file that keeps the numbers.</param>
    /// <param name="rules">What becomes of its entries.</param>
    /// <param name="computer">The machine's name.</param>
    /// <param name="directory">Journal files of another place; null is this machine's journal.</param>
    /// <param name="logger">Hears of what cannot be read.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="InvalidDataException">A newer Farwire wrote the file.</exception>
    public static JournalChannels? Open(string state, EventRules rules, string computer, string? directory = null, ILogger? logger = null)
    {
        Func<JournalReader> open = directory is null
            ? static () => JournalReader.TryOpen() ?? throw new IOException("The journal of this machine cannot be opened any more.")
            : () => JournalReader.Open(directory);
        using (var first = directory is null ? JournalReader.TryOpen() : JournalReader.Open(directory))
        {
            return first is null ? null : new JournalChannels(open, state, rules, computer, logger ?? NullLogger.Instance);
        }
    }

    /// <inheritdoc/>
    public IEventReader Open(EventQuery query, BookmarkList? after, bool readExisting, bool rendered, bool ignoreMissing)
    {
        if (!ignoreMissing && query.Channels.FirstOrDefault(channel => !_names.ContainsKey(channel)) is { } missing)
        {
            throw new ChannelNotFoundException(missing);
        }

        var from = query.Channels.Where(_names.ContainsKey).ToDictionary(
            channel => _names[channel],
            channel => after?.Channels.FirstOrDefault(bookmark => bookmark.Channel.Equals(channel, StringComparison.OrdinalIgnoreCase))?.RecordId ?? (readExisting ? 0UL : null as ulong?),
            StringComparer.OrdinalIgnoreCase);
        var reader = new JournalEventReader(_index, _open, _composer, query, from, rendered);
        if (Ready.IsCompleted)
        {
            reader.Begin();
        }

        return reader;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChannelFacts>> FactsAsync(CancellationToken cancellationToken)
    {
        await Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var journal = _open();
        var (before, _) = _index.Seek(journal, static _ => false);
        var live = _index.Live;
        return [.. Names.Select(name => new ChannelFacts(name, live[name] > before[name] ? before[name] + 1 : 0, live[name] > before[name] ? live[name] : 0))];
    }

    /// <inheritdoc/>
    /// <remarks>From one anchor to the next forwards, and these portions backwards.</remarks>
    public async IAsyncEnumerable<SourceEvent> ReadBackAsync(EventQuery query, bool rendered, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        var oldest = OldestTime();
        var anchors = _index.Anchors;
        for (var i = anchors.Length - 1; i > 0; i--)
        {
            var from = query.Channels.Where(_names.ContainsKey).ToDictionary(channel => _names[channel], channel => (ulong?)anchors[i - 1][channel], StringComparer.OrdinalIgnoreCase);
            await using var reader = new JournalEventReader(_index, _open, _composer, query, from, rendered, anchors[i]);
            var portion = new Stack<SourceEvent>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } found)
            {
                portion.Push(found);
            }

            foreach (var found in portion)
            {
                yield return found;
            }

            if (anchors[i - 1].Time < oldest)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

    private DateTimeOffset OldestTime()
    {
        using var journal = _open();
        journal.ToHead();
        return journal.Next() ? journal.Time : DateTimeOffset.MaxValue;
    }
}
