using System.Diagnostics;
using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Farwire.TestKit;

namespace Farwire.Collector.Tests.Store;

public sealed class EventStoreTests
{
    [Fact]
    [Trait("Feature", "WEC-06")]
    public async Task Every_event_comes_back_whole_with_how_it_came()
    {
        await using var place = new TemporaryStore();
        for (var i = 0; i < Sample.All.Count; i += 37)
        {
            await place.Store.AppendAsync(new StoreBatch($"src{i % 3}", "base", [.. Sample.All.Skip(i).Take(37)]));
        }

        var store = await place.ReopenAsync();
        var found = await store.SearchAsync(new EventSearch()).ToListAsync();

        Assert.Equal(Sample.All.Count, found.Count);
        Assert.Equal(Enumerable.Range(1, found.Count).Select(i => (long)i), found.Select(e => e.Sequence));
        Assert.All(found.Zip(Sample.All), pair =>
        {
            Assert.Equal(pair.Second.Xml, pair.First.Record.Xml);
            Assert.Equal(pair.Second.System, pair.First.System);
            Assert.Equal("base", pair.First.Origin.Subscription);
            Assert.StartsWith("src", pair.First.Origin.Source, StringComparison.Ordinal);
        });
        Assert.Equal(found.Count, store.Events);
    }

    [Fact]
    public async Task The_store_knows_which_channels_events_came_from()
    {
        await using var place = new TemporaryStore();
        await place.Store.AppendAsync(Sample.Batch("src01", Sample.Event(1), Sample.Event(2, channel: "System"), Sample.Event(3, channel: "SECURITY")));
        await place.Store.AppendAsync(Sample.Batch("src02", Sample.Event(4), Sample.Event(5, channel: new string('x', 300))));

        var store = await place.ReopenAsync();

        Assert.Equal([("Security", 3L), ("System", 1L)], store.Channels.Select(channel => (channel.Key, channel.Value)).Order());
    }

    [Fact]
    public async Task A_batch_that_comes_twice_is_stored_once()
    {
        await using var place = new TemporaryStore();
        var batch = Sample.Batch("src01", Sample.Event(1), Sample.Event(2)) with { Bookmark = "b1" };

        var first = await place.Store.AppendAsync(batch);
        await place.ReopenAsync();
        var again = await place.Store.AppendAsync(batch);
        var other = await place.Store.AppendAsync(batch with { Source = "src02" });

        Assert.Equal(new StoreOutcome(false, 1), first);
        Assert.Equal(new StoreOutcome(true, 0), again);
        Assert.Equal(new StoreOutcome(false, 3), other);
        Assert.Equal(4, place.Store.LastSequence);
        Assert.Equal(1, place.Store.Source("src01", "base")!.Duplicates);
    }

    [Fact]
    [Trait("Feature", "WEC-11")]
    public async Task Bookmarks_and_what_is_known_of_sources_outlive_the_process()
    {
        var time = new ManualTime();
        await using var place = new TemporaryStore(time: time);
        await place.Store.AppendAsync(Sample.Batch("SRC01", Sample.Event(1)) with { Bookmark = "b1", MachineId = "src01.corp", Address = "192.0.2.1" });
        await place.Store.AppendAsync(Sample.Batch("src01", Sample.Event(2)) with { Dropped = 3 });
        place.Store.Note("src01", "base", state => state with { LastHeartbeat = time.GetUtcNow().UtcDateTime });
        time.Advance(TimeSpan.FromSeconds(6)); // the flush
        await place.Store.AppendAsync(Sample.Batch("src02", Sample.Event(2)));

        var state = (await place.ReopenAsync()).Source("Src01", "BASE")!;

        Assert.Equal("b1", state.Bookmark);
        Assert.Equal("src01.corp", state.MachineId);
        Assert.Equal((2, 3, 0), (state.Events, state.Dropped, state.Duplicates));
        Assert.NotNull(state.LastHeartbeat);
        Assert.Equal(new DateTime(2026, 1, 10, 9, 0, 0, DateTimeKind.Utc), state.LastEventTime);
    }

    [Fact]
    public async Task What_was_written_after_the_last_commit_does_not_count()
    {
        await using var place = new TemporaryStore();
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1)));
        await place.CloseAsync();
        var segment = Directory.GetFiles(place.Folder, "*.events").Single();
        await File.AppendAllTextAsync(segment, "half a block");
        await File.WriteAllTextAsync(Path.Combine(place.Folder, "0000000099.events"), "a segment that was never committed");

        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(2)));

        Assert.Equal([1, 2], (await place.Store.SearchAsync(new EventSearch()).ToListAsync()).Select(e => e.System.EventId!.Value));
        Assert.Equal([segment], Directory.GetFiles(place.Folder, "*.events"));
    }

    [Fact]
    public async Task A_segment_that_lost_bytes_is_told_and_a_damaged_block_too()
    {
        await using var place = new TemporaryStore();
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1)));
        await place.CloseAsync();
        var segment = Directory.GetFiles(place.Folder, "*.events").Single();
        var bytes = await File.ReadAllBytesAsync(segment);
        await File.WriteAllBytesAsync(segment, bytes[..^1]);
        Assert.Contains("the disk has lost data", Assert.Throws<InvalidDataException>(() => place.Store).Message, StringComparison.Ordinal);

        bytes[^3] ^= 0x10;
        await File.WriteAllBytesAsync(segment, bytes);
        await Assert.ThrowsAsync<InvalidDataException>(() => place.Store.SearchAsync(new EventSearch()).ToListAsync());
    }

    [Fact]
    public async Task Only_one_process_has_the_store()
    {
        await using var place = new TemporaryStore();
        _ = place.Store;

        Assert.Contains("open in another process", Assert.Throws<IOException>(() => EventStore.Open(place.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_batches_and_takes_them_when_there_is_room()
    {
        await using var place = new TemporaryStore(new EventStoreOptions { MinFreeBytes = long.MaxValue });

        await Assert.ThrowsAsync<StoreUnavailableException>(() => place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1))));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1))));
        Assert.Null(place.Store.Source("a", "base"));
        await place.CloseAsync();

        await using var roomy = EventStore.Open(place.Folder, new EventStoreOptions { MinFreeBytes = 0 });
        Assert.False((await roomy.AppendAsync(Sample.Batch("a", Sample.Event(1)))).IsDuplicate);
    }

    [Fact]
    public async Task Old_segments_go_by_age_and_by_size()
    {
        var time = new ManualTime();
        await using var place = new TemporaryStore(new EventStoreOptions { SegmentBytes = 1, MaxAge = TimeSpan.FromDays(2) }, time);
        for (var day = 0; day < 5; day++)
        {
            await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(day, data: $"day {day}")));
            time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(3, await place.Store.RemoveOldAsync());
        Assert.Equal([3, 4], (await place.Store.SearchAsync(new EventSearch()).ToListAsync()).Select(e => e.System.EventId!.Value));
        Assert.Equal(2, Directory.GetFiles(place.Folder, "*.events").Length);
        Assert.Equal(2, place.Store.Events);

        await place.CloseAsync();
        await using var small = EventStore.Open(place.Folder, new EventStoreOptions { MaxBytes = 1, MinFreeBytes = 0, SegmentBytes = 1 });
        Assert.Equal(1, await small.RemoveOldAsync()); // the segment in use stays
        Assert.Equal(6, (await small.AppendAsync(Sample.Batch("a", Sample.Event(9)))).FirstSequence);
    }

    [Fact]
    public async Task Consumers_keep_their_place_and_wait_for_more()
    {
        await using var place = new TemporaryStore();
        Assert.Null(await place.Store.CursorAsync("siem"));
        var waiting = place.Store.WaitAsync(0, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1)));
        await waiting;
        await place.Store.SetCursorAsync("siem", 1);

        Assert.Equal(1, await (await place.ReopenAsync()).CursorAsync("siem"));
    }

    [Fact]
    public async Task Many_batches_at_once_share_their_commits_and_none_is_lost()
    {
        await using var place = new TemporaryStore();

        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => place.Store.AppendAsync(Sample.Batch($"s{i}", Sample.Event(i)))));

        Assert.Equal(Enumerable.Range(0, 400), (await place.Store.SearchAsync(new EventSearch()).ToListAsync()).Select(e => e.System.EventId!.Value).Order());
        Assert.Equal(400, place.Store.Sources.Count);
    }

    [Fact]
    [Trait("Feature", "WEC-11")]
    public async Task Twenty_kills_under_load_lose_nothing_that_was_acknowledged()
    {
        var loop = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "KillLoop", "release", "KillLoop"));
        using var process = Process.Start(new ProcessStartInfo(loop, ["20"]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, said);
        Assert.Contains("20 rounds", said, StringComparison.Ordinal);
    }
}
