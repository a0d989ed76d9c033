using System.Runtime.CompilerServices;
using Farwire.Client.Connection;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Client.Enumeration;

/// <summary>One enumeration from its opening to its end, with the next batch under way while this one is used.</summary>
/// <remarks>
/// WS-Enumeration. 1. Enumerate, asking for items at once. 2. While the caller takes the items, Pull. 3. Whoever stops before the end releases the
/// context, so that the service need not keep it.
/// </remarks>
internal sealed class RemoteEnumeration<T>(WSManClient client, string resourceUri, EnumerationRequest request, Func<BodyReader, T> read)
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(5);

    private string? _context;

    public async IAsyncEnumerable<T> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task<List<T>?>? next = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            next = OpenAsync(stop.Token); // 1
            while (await next.ConfigureAwait(false) is { } batch)
            {
                next = _context is null ? Task.FromResult<List<T>?>(null) : PullAsync(stop.Token); // 2
                foreach (var item in batch)
                {
                    yield return item;
                }
            }
        }
        finally
        {
            if (next is { IsCompleted: false })
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }

            if (next is not null)
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await ReleaseAsync().ConfigureAwait(false); // 3
        }
    }

    private Task<List<T>?> OpenAsync(CancellationToken cancellationToken)
    {
        var body = new Enumerate
        {
            Optimize = true,
            MaxElements = request.BatchItems,
            Mode = request.Mode,
            Filter = request.Filter,
            Polymorphism = request.Polymorphism,
        };
        return BatchAsync(Actions.Enumerate, body, cancellationToken);
    }

    private async Task<List<T>?> PullAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await BatchAsync(Actions.Pull, new Pull(_context!) { MaxElements = request.BatchItems }, cancellationToken).ConfigureAwait(false);
            }
            catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.OperationTimedOut.Code)
            {
                // Nothing new yet: the enumeration stands, and we ask again.
            }
        }
    }

    private async Task<List<T>?> BatchAsync(string action, IBody body, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        using var reply = await client.SendAsync(new Request(client.Headers(action, resourceUri, request.Selectors) with { FragmentTransfer = request.Fragment }, body), cancellationToken).ConfigureAwait(false);
        var batch = EnumerationBatch.Read(reply.Body, item => items.Add(read(item)));
        _context = batch.EndOfSequence ? null : batch.Context ?? _context;
        return items;
    }

    private async Task ReleaseAsync()
    {
        if (_context is not { } context)
        {
            return;
        }

        _context = null;
        using var patience = new CancellationTokenSource(ReleasePatience);
        try
        {
            using var reply = await client.SendAsync(
                new Request(client.Headers(Actions.Release, resourceUri), new Release(context)), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or OperationCanceledException)
        {
            // It ends by itself in time; the caller's own reason to stop matters more.
        }
    }
}
