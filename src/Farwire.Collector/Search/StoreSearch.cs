using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Farwire.Collector.Store;

namespace Farwire.Collector.Search;

/// <summary>One search over the store.</summary>
/// <remarks>
/// 1. The catalogue gives the blocks of the time asked for. 2. Their summaries say which surely hold nothing. 3. Blocks are read and searched on
/// several processors, a few ahead. 4. In a block, properties are tested first; the XML is unpacked only for what is left.
/// </remarks>
internal sealed class StoreSearch(EventStore store, EventSearch search)
{
    private const int BlocksAtOnce = 256;

    private readonly ulong[] _keys = Keys(search);
    private readonly SearchValues<string>? _text = search.Text is { Length: > 0 } text ? SearchValues.Create([text], StringComparison.OrdinalIgnoreCase) : null;

    public async IAsyncEnumerable<StoredEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = search.Limit;
        var ahead = new Queue<Task<List<StoredEvent>>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            foreach (var block in Blocks())
            {
                cancellationToken.ThrowIfCancellationRequested();
                ahead.Enqueue(Task.Run(() => Find(block), stop.Token)); // 3
                if (ahead.Count <= Environment.ProcessorCount * 2)
                {
                    continue;
                }

                foreach (var found in await ahead.Dequeue().ConfigureAwait(false))
                {
                    if (left-- <= 0)
                    {
                        yield break;
                    }

                    yield return found;
                }
            }

            while (ahead.TryDequeue(out var next))
            {
                foreach (var found in await next.ConfigureAwait(false))
                {
                    if (left-- <= 0)
                    {
                        yield break;
                    }

                    yield return found;
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    // What an event must have for certain, as keys of the summaries.
    private static ulong[] Keys(EventSearch search)
    {
        var keys = new List<ulong>();
        void Add(char kind, string? text)
        {
            if (text is not null)
            {
                keys.Add(BlockSummary.Key(kind, text));
            }
        }

        Add('c', search.Channel);
        Add('h', search.Computer);
        Add('p', search.Provider);
        Add('s', search.Source);
        Add('u', search.Subscription);
        return [.. keys];
    }

    private IEnumerable<BlockRow> Blocks()
    {
        var (after, before) = (search.After, Math.Min(search.Before, store.LastSequence + 1));
        var (min, max) = (search.From?.Ticks ?? 0, search.To?.Ticks ?? long.MaxValue);
        while (true)
        {
            var rows = store.Catalogue.Blocks(after, before, min, max, search.NewestFirst, BlocksAtOnce); // 1
            foreach (var row in rows)
            {
                if (MayHold(row)) // 2
                {
                    yield return row;
                }
            }

            if (rows.Count < BlocksAtOnce)
            {
                yield break;
            }

            (after, before) = search.NewestFirst ? (after, rows[^1].FirstSequence) : (rows[^1].LastSequence, before);
        }
    }

    private bool MayHold(BlockRow block)
    {
        foreach (var key in _keys)
        {
            if (!BlockSummary.MayHold(block.Summary, key))
            {
                return false;
            }
        }

        return search.EventIds.Count == 0 || search.EventIds.Any(id => BlockSummary.MayHold(block.Summary, BlockSummary.Key('i', id)));
    }

    private List<StoredEvent> Find(BlockRow row)
    {
        var found = new List<StoredEvent>();
        if (Read(row) is not { } bytes)
        {
            return found;
        }

        var block = new BlockReader(bytes);
        var text = _text is null || !Contains(block.Xml.Span) ? null : _text;
        if (_text is not null && text is null)
        {
            return found; // the text is nowhere in the block
        }

        while (block.Next() is { } entry)
        {
            if (entry.Sequence > search.After && entry.Sequence < search.Before && Matches(entry)) // 4
            {
                found.Add(entry.ToStored());
            }
        }

        if (search.NewestFirst)
        {
            found.Reverse();
        }

        return found;
    }

    private byte[]? Read(BlockRow row)
    {
        try
        {
            using var file = File.OpenHandle(SegmentFile.NameOf(store.Folder, row.Segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[row.Length];
            var read = 0;
            while (read < bytes.Length)
            {
                var more = RandomAccess.Read(file, bytes.AsSpan(read), row.Offset + read);
                if (more == 0)
                {
                    throw new InvalidDataException($"Segment {row.Segment} ends inside a block that was committed: the disk has lost data.");
                }

                read += more;
            }

            return bytes;
        }
        catch (FileNotFoundException)
        {
            return null; // retention has removed it since the catalogue was asked
        }
    }

    private bool Matches(in BlockEntry entry)
    {
        var system = entry.System;
        var time = system.TimeCreated ?? entry.Origin.Received;
        if (time < search.From || time >= search.To
            || !Same(search.Channel, system.Channel)
            || !Same(search.Computer, system.Computer)
            || !Same(search.Provider, system.ProviderName)
            || !Same(search.Source, entry.Origin.Source)
            || !Same(search.Subscription, entry.Origin.Subscription)
            || (search.EventIds.Count > 0 && !(system.EventId is { } id && search.EventIds.Contains(id)))
            || (search.Levels.Count > 0 && !(system.Level is { } level && search.Levels.Contains(level))))
        {
            return false;
        }

        StoredEvent? stored = null;
        if (search.Filter is { } filter
            && !(filter.NeedsSystemOnly && entry.Problem is null ? filter.Matches(system) : filter.Matches((stored ??= entry.ToStored()).Record)))
        {
            return false;
        }

        if (search.Query is { } query
            && !(query.NeedsSystemOnly && entry.Problem is null ? query.Matches(system, search.Log) : query.Matches((stored ??= entry.ToStored()).Record, search.Log)))
        {
            return false;
        }

        return _text is null || Contains(entry.Utf8.Span);
    }

    private static bool Same(string? wanted, string? found) => wanted is null || string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase);

    private bool Contains(ReadOnlySpan<byte> utf8)
    {
        var characters = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            var length = Encoding.UTF8.GetChars(utf8, characters);
            return characters.AsSpan(0, length).IndexOfAny(_text!) >= 0;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
