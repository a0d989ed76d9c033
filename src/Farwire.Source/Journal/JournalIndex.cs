using System.IO.Pipes;
using Farwire.Linux.Journal;
using Farwire.Source.Mapping;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Journal;

/// <summary>Counts a journal's entries as they come, so that every event has its number in its channel, today and after a restart.</summary>
/// <remarks>
/// One thread walks the journal. Every so many entries it sets an anchor; a reader begins at one and counts on by itself, by the rules that held
/// there. A crash loses what came after the last anchor, and counting it again gives the same numbers.
/// </remarks>
internal sealed class JournalIndex : IDisposable
{
    /// <summary>Entries between two anchors.</summary>
    public const int Distance = 1024;

    private const int Burst = 256;
    private const int AnchorsBetweenForgetting = 64;

    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);

    private readonly Func<JournalReader> _open;
    private readonly AnchorStore _store;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly List<Anchor> _anchors;
    private readonly Dictionary<string, Anchor> _byCursor;
    private readonly Dictionary<int, EventRules> _rules = [];
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _stop = new();
    private readonly AnonymousPipeServerStream _wake = new(PipeDirection.Out);
    private readonly Thread _thread;
    private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Anchor _live;

    /// <param name="open">Opens the journal.</param>
    /// <param name="path">Where anchors are kept.</param>
    /// <param name="rules">What counts from now on.</param>
    /// <param name="logger">Hears of what cannot be read or kept.</param>
    public JournalIndex(Func<JournalReader> open, string path, EventRules rules, ILogger logger)
    {
        (_open, _logger) = (open, logger);
        _store = new AnchorStore(path);
        var current = _store.Keep(rules.Text);
        foreach (var (id, text) in _store.Rules())
        {
            _rules[id] = id == current ? rules : EventRuleFile.Parse(text);
        }

        _anchors = _store.Read();
        _live = _anchors.Count > 0 ? _anchors[^1] : new Anchor(0, null, DateTimeOffset.MinValue, current, new Dictionary<string, ulong>());
        if (_anchors.Count == 0 || _live.Rules != current)
        {
            // Other rules than before hold from here on.
            _anchors.RemoveAll(anchor => anchor.Total == _live.Total);
            _live = _live with { Rules = current };
            _anchors.Add(_live);
            _store.Put(_live);
        }

        _byCursor = _anchors.Where(anchor => anchor.Cursor is not null).ToDictionary(anchor => anchor.Cursor!);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <summary>Ends when everything that the journal held at the start is counted.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>How far the count is.</summary>
    public Anchor Live => Volatile.Read(ref _live);

    /// <summary>Ends when the count goes on from where it is at present.</summary>
    public Task Advanced => Volatile.Read(ref _advanced).Task;

    /// <summary>Every anchor from the first on, and how far the count is.</summary>
    public Anchor[] Anchors
    {
        get
        {
            lock (_lock)
            {
                return [.. _anchors, _live];
            }
        }
    }

    /// <summary>The rules of this number.</summary>
    public EventRules RulesOf(int id) => _rules[id];

    /// <summary>The anchor at an entry; null when none is there.</summary>
    public Anchor? AnchorAt(string cursor)
    {
        if (Live is var live && live.Cursor == cursor)
        {
            return live;
        }

        lock (_lock)
        {
            return _byCursor.GetValueOrDefault(cursor);
        }
    }

    /// <summary>Puts <paramref name="journal"/> where nothing is passed over that comes after what <paramref name="isBefore"/> is true of.</summary>
    /// <returns>The count there, and the rules that hold behind it.</returns>
    public (JournalCount Count, int Rules) Seek(JournalReader journal, Func<Anchor, bool> isBefore)
    {
        var anchors = Anchors;
        var start = Math.Max(Array.FindLastIndex(anchors, anchor => isBefore(anchor)), 0);

        if (anchors[start].Cursor is { } cursor && journal.ToCursor(cursor))
        {
            return (new JournalCount(anchors[start]), anchors[start].Rules);
        }

        // The entry is gone, or it is the beginning: the first anchor that is still there says how many there are before it.
        for (var i = start + 1; i < anchors.Length; i++)
        {
            if (anchors[i].Cursor is { } there && journal.ToCursor(there))
            {
                var count = new JournalCount(anchors[i]);
                count.TakeOff(CountTo(journal, there, _rules[anchors[i - 1].Rules]));
                journal.ToHead();
                return (count, anchors[i - 1].Rules);
            }
        }

        journal.ToHead();
        return (new JournalCount(anchors[^1]), anchors[^1].Rules);
    }

    public void Dispose()
    {
        _stop.Set();
        _wake.WriteByte(0);
        _thread.Join();
        _store.Dispose();
        _stop.Dispose();
        _wake.Dispose();
    }

    private static JournalCount CountTo(JournalReader journal, string cursor, EventRules rules)
    {
        var counted = new JournalCount(new Anchor(0, null, default, 0, new Dictionary<string, ulong>()));
        var fields = new JournalFields();
        journal.ToHead();
        while (journal.Next())
        {
            counted.Add(rules.ChannelOf(fields.At(journal, rules.ChannelFields)), rules);
            if (journal.Cursor == cursor)
            {
                break;
            }
        }

        return counted;
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            try
            {
                using var journal = _open();
                Walk(journal);
            }
            catch (IOException e)
            {
                Log.JournalNotRead(_logger, e);
                _stop.Wait(BeforeNextTry);
            }
        }
    }

    private void Walk(JournalReader journal)
    {
        if (_live.Cursor is { } last)
        {
            journal.ToCursor(last); // what is gone is left out
        }
        else
        {
            journal.ToHead();
        }

        var fields = new JournalFields();
        var rules = _rules[_live.Rules];
        var count = new JournalCount(_live);
        var (cursor, time) = (_live.Cursor, _live.Time);
        while (!_stop.IsSet)
        {
            while (!_stop.IsSet && journal.Next())
            {
                count.Add(rules.ChannelOf(fields.At(journal, rules.ChannelFields)), rules);
                (cursor, time) = (journal.Cursor, journal.Time);
                if (count.Total - _anchors[^1].Total >= Distance)
                {
                    Set(count.At(cursor, time, _live.Rules));
                }
                else if (count.Total - _live.Total >= Burst)
                {
                    Publish(count.At(cursor, time, _live.Rules));
                }
            }

            if (count.Total > _live.Total)
            {
                Publish(count.At(cursor!, time, _live.Rules));
            }

            if (!_stop.IsSet)
            {
                _caughtUp.TrySetResult();
                journal.Wait(_wake.ClientSafePipeHandle);
            }
        }

        if (_live.Total > _anchors[^1].Total)
        {
            Set(_live);
        }
    }

    private void Publish(Anchor live)
    {
        Volatile.Write(ref _live, live);
        Interlocked.Exchange(ref _advanced, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private void Set(Anchor anchor)
    {
        lock (_lock)
        {
            _anchors.Add(anchor);
            _byCursor[anchor.Cursor!] = anchor;
        }

        Publish(anchor);
        try
        {
            _store.Put(anchor);
            if (_anchors.Count % AnchorsBetweenForgetting == 0)
            {
                Forget();
            }
        }
        catch (SqliteException e)
        {
            Log.AnchorNotKept(_logger, e); // a full disk: the count goes on, and the next anchor is tried again
        }
    }

    // Anchors before the journal's first entry lead nowhere; the last of them tells by which rules the first entries count.
    private void Forget()
    {
        using var journal = _open();
        journal.ToHead();
        if (!journal.Next())
        {
            return;
        }

        var first = journal.Time;
        lock (_lock)
        {
            var gone = _anchors.FindLastIndex(anchor => anchor.Time < first);
            foreach (var anchor in gone > 0 ? _anchors[..gone] : [])
            {
                _byCursor.Remove(anchor.Cursor ?? "");
            }

            _anchors.RemoveRange(0, Math.Max(gone, 0));
        }

        _store.Forget(_anchors[0].Total);
    }
}
