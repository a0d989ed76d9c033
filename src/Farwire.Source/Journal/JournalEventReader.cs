using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Linux.Journal;
using Farwire.Source.Channels;
using Farwire.Source.Mapping;

namespace Farwire.Source.Journal;

/// <summary>Reads what a query takes out of a journal.</summary>
/// <param name="index">Knows the numbers.</param>
/// <param name="open">Opens the journal.</param>
/// <param name="composer">Writes events.</param>
/// <param name="query">Which events.</param>
/// <param name="after">The channels, each with the number of the last event that is not wanted; null is up to now.</param>
/// <param name="rendered">With RenderingInfo.</param>
/// <param name="until">Ends there; null goes on with what comes.</param>
internal sealed class JournalEventReader(
    JournalIndex index, Func<JournalReader> open, EventComposer composer, EventQuery query, IReadOnlyDictionary<string, ulong?> after, bool rendered, Anchor? until = null) : IEventReader
{
    private const int MaxTries = 5;

    private readonly Dictionary<string, ulong> _position = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _channels = [];
    private readonly JournalFields _fields = new();
    private JournalReader? _journal;
    private JournalCount _count = null!;
    private EventRules _rules = null!;
    private EventRules _rulesOfEntry = null!;
    private LogFields _entry = null!;
    private string? _current;
    private Task _more = Task.CompletedTask;

    public BookmarkList Position => new([.. _position.Where(channel => channel.Value > 0).Select(channel => new ChannelBookmark(channel.Key, channel.Value, channel.Key == _current))]);

    /// <summary>Begins at once when the numbers are known, so that "now" is now; else the first read begins.</summary>
    public void Begin()
    {
        if (_position.Count > 0 || after.Count == 0)
        {
            return;
        }

        var live = index.Live;
        foreach (var (channel, number) in after)
        {
            // A number that was never given is of a count that was lost: then all is read again rather than nothing.
            _position[channel] = number is null ? live[channel] : number > live[channel] ? 0 : number.Value;
        }
    }

    public async ValueTask<SourceEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        await index.CaughtUp.WaitAsync(cancellationToken).ConfigureAwait(false);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Read(cancellationToken);
            }
            catch (IOException) when (tries < MaxTries)
            {
                // A file went away while it was read: from where we are, in what is left.
                _journal?.Dispose();
                _journal = null;
            }
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _more.WaitAsync(cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync()
    {
        _journal?.Dispose();
        return ValueTask.CompletedTask;
    }

    private SourceEvent? Read(CancellationToken cancellationToken)
    {
        if (_journal is null)
        {
            Begin();
            _journal = open();
            (_count, var rules) = index.Seek(_journal, anchor => _position.All(channel => anchor[channel.Key] <= channel.Value));
            _rules = index.RulesOf(rules);
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (_channels.TryDequeue(out var channel))
            {
                if (Take(channel) is { } found)
                {
                    return found;
                }
            }

            _more = index.Advanced;
            if (!Step())
            {
                return null;
            }
        }
    }

    // To the next entry that is counted.
    private bool Step()
    {
        if (_count.Total >= (until ?? index.Live).Total)
        {
            return false;
        }

        if (!_journal!.Next())
        {
            _journal.Wait(TimeSpan.Zero); // takes in files that came and went
            if (!_journal.Next())
            {
                return false;
            }
        }

        _entry = _fields.At(_journal);
        _rulesOfEntry = _rules;
        var channel = _rules.ChannelOf(_entry);
        _count.Add(channel, _rules);
        if (index.AnchorAt(_journal.Cursor) is { } anchor)
        {
            _count.Take(anchor);
            _rules = index.RulesOf(anchor.Rules);
        }

        Wants(channel);
        foreach (var alias in _rulesOfEntry.AliasesOf(channel))
        {
            Wants(alias);
        }

        return true;
    }

    private void Wants(string channel)
    {
        if (_position.TryGetValue(channel, out var last) && _count[channel] > last)
        {
            _channels.Enqueue(channel);
        }
    }

    private SourceEvent? Take(string channel)
    {
        var number = _count[channel];
        _position[channel] = number;
        _current = channel;
        var kind = _rulesOfEntry.KindOf(_entry);
        if (kind.PassesThrough && PassedEvent.Read(_entry["MESSAGE"] ?? "", channel, number) is { } passed)
        {
            return query.Matches(EventRecord.Read(passed.Xml)) ? new SourceEvent(channel, number, rendered ? passed.Rendered : passed.Xml) : null;
        }

        var system = composer.SystemOf(_entry, kind, channel, number);
        if (query.NeedsSystemOnly && !query.Matches(system))
        {
            return null;
        }

        var xml = EventComposer.Compose(_entry, kind, system);
        return !query.NeedsSystemOnly && !query.Matches(EventRecord.Read(xml)) ? null
            : new SourceEvent(channel, number, rendered ? EventComposer.Render(xml, _entry, system) : xml);
    }
}
