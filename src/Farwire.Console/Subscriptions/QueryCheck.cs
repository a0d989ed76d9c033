using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Farwire.Events.Queries;

namespace Farwire.Console.Subscriptions;

/// <summary>What a query would take of the events that are stored.</summary>
/// <param name="Query">The query, which is right.</param>
/// <param name="Found">Events of the last day that it takes, as far as they were counted.</param>
/// <param name="IsAll">They were counted to the end.</param>
/// <param name="Newest">The newest of them.</param>
internal sealed record QueryCheck(EventQuery Query, int Found, bool IsAll, IReadOnlyList<StoredEvent> Newest)
{
    private const int MaxCounted = 10_000;
    private const int MaxShown = 5;

    private static readonly TimeSpan MaxSearch = TimeSpan.FromSeconds(5);

    /// <summary>Compiles and tries the query.</summary>
    /// <exception cref="EventQueryException">It is none; the message says where and why.</exception>
    public static async Task<QueryCheck> RunAsync(IEventStore store, string xml, DateTime now, CancellationToken cancellationToken)
    {
        var query = EventQuery.Parse(xml);
        var newest = new List<StoredEvent>();
        var found = 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(MaxSearch);
        var search = new EventSearch { Query = query, From = now.AddDays(-1), NewestFirst = true, Limit = MaxCounted };
        try
        {
            await foreach (var stored in store.SearchAsync(search, patience.Token).ConfigureAwait(false))
            {
                if (found++ < MaxShown)
                {
                    newest.Add(stored);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new QueryCheck(query, found, false, newest);
        }

        return new QueryCheck(query, found, found < MaxCounted, newest);
    }
}
