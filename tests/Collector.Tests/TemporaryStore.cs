using Farwire.Collector.Store;
using Farwire.Events.Records;

namespace Farwire.Collector.Tests;

/// <summary>A store in a folder that goes with it.</summary>
internal sealed class TemporaryStore(EventStoreOptions? options = null, TimeProvider? time = null) : IAsyncDisposable
{
    private readonly EventStoreOptions _options = options ?? new EventStoreOptions { MinFreeBytes = 0 };
    private EventStore? _store;

    public string Folder { get; } = Directory.CreateTempSubdirectory("farwire-store-").FullName;

    public EventStore Store => _store ??= EventStore.Open(Folder, _options, time);

    /// <summary>Closes the store and opens it again.</summary>
    public async Task<EventStore> ReopenAsync()
    {
        await CloseAsync();
        return Store;
    }

    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
            _store = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Events for tests.</summary>
internal static class Sample
{
    public static IReadOnlyList<EventRecord> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.events.xml").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Where(line => line.Length > 0).Select(EventRecord.Read),
    ];

    public static EventRecord Event(int id, long record = 1, string channel = "Security", string computer = "src01", string time = "2026-01-10T09:00:00Z", string data = "x") => EventRecord.Read(
        $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Test'/><EventID>{id}</EventID><Level>4</Level><TimeCreated SystemTime='{time}'/><EventRecordID>{record}</EventRecordID><Channel>{channel}</Channel><Computer>{computer}</Computer></System><EventData><Data Name='text'>{data}</Data></EventData></Event>");

    public static StoreBatch Batch(string source, params EventRecord[] events) => new(source, "base", events);

    public static async Task<List<T>> ToListAsync<T>(this IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
