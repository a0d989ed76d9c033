namespace Farwire.Collector.Store;

/// <summary>The segments of a store: those that are full, and the one that is written.</summary>
/// <remarks>The writer alone changes them; how much there is, anybody may ask.</remarks>
internal sealed class Segments : IDisposable
{
    private readonly string _folder;
    private readonly EventStoreOptions _options;
    private readonly Catalogue _catalogue;
    private readonly List<SegmentRow> _sealed;
    private SegmentFile _file;
    private SegmentRow _current;

    public Segments(string folder, EventStoreOptions options, Catalogue catalogue)
    {
        (_folder, _options, _catalogue) = (folder, options, catalogue);
        _sealed = catalogue.Segments();
        RemoveStrangers();
        _current = _sealed.Count > 0 ? _sealed[^1] : new SegmentRow(1, 0, 0, 0);
        _sealed.RemoveAll(segment => segment.Id == _current.Id);
        _file = SegmentFile.Open(SegmentFile.NameOf(folder, _current.Id), _current.Committed);
    }

    /// <summary>Bytes of all events on disk.</summary>
    public long Bytes
    {
        get
        {
            lock (_sealed)
            {
                return _sealed.Sum(segment => segment.Committed) + _current.Committed;
            }
        }
    }

    /// <summary>Events on disk.</summary>
    public long Events
    {
        get
        {
            lock (_sealed)
            {
                return _sealed.Sum(segment => segment.Events) + _current.Events;
            }
        }
    }

    /// <summary>The segment that is written.</summary>
    public SegmentRow Current => _current;

    /// <summary>Where the next block begins.</summary>
    public long Offset => _file.Committed;

    /// <summary>Writes a block and syncs it, into a new segment when it does not fit; answers the segment as it is once this is committed.</summary>
    public SegmentRow Append(byte[] block, int events, DateTime now)
    {
        if (_file.Committed > 0 && _file.Committed + block.Length > _options.SegmentBytes)
        {
            Begin();
        }

        _file.Append(block);
        return _current with { Committed = _file.Committed + block.Length, Events = _current.Events + events, MaxReceived = now.Ticks };
    }

    /// <summary>What was appended counts from now on.</summary>
    public void Commit(SegmentRow segment, int length)
    {
        _file.Commit(length);
        lock (_sealed)
        {
            _current = segment;
        }
    }

    /// <summary>Removes what is older or more than the options allow, in whole segments; answers how many events went.</summary>
    public long RemoveOld(DateTime now)
    {
        var removed = 0L;
        var oldest = _options.MaxAge is { } age ? (now - age).Ticks : long.MinValue;
        while (true)
        {
            SegmentRow? victim;
            lock (_sealed)
            {
                victim = _sealed.FirstOrDefault();
                if (victim is null || (victim.MaxReceived >= oldest && !(_sealed.Sum(s => s.Committed) + _current.Committed > _options.MaxBytes)))
                {
                    return removed;
                }

                _sealed.RemoveAt(0);
            }

            _catalogue.RemoveSegment(victim.Id);
            File.Delete(SegmentFile.NameOf(_folder, victim.Id)); // a crash in between leaves a stranger, which the next start removes
            removed += victim.Events;
        }
    }

    public void Dispose() => _file.Dispose();

    private void Begin()
    {
        var next = new SegmentRow(_current.Id + 1, 0, 0, 0);
        var file = SegmentFile.Open(SegmentFile.NameOf(_folder, next.Id), 0);
        _file.Dispose();
        _file = file;
        lock (_sealed)
        {
            _sealed.Add(_current);
            _current = next;
        }
    }

    // A segment that was begun but never committed is not in the catalogue.
    private void RemoveStrangers()
    {
        var known = _sealed.Select(segment => Path.GetFileName(SegmentFile.NameOf(_folder, segment.Id))).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_folder, "*.events"))
        {
            if (!known.Contains(Path.GetFileName(file)))
            {
                File.Delete(file);
            }
        }
    }
}
