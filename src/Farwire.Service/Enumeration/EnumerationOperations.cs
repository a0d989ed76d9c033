using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Service.Enumeration;

/// <summary>Enumerate, Pull and Release.</summary>
/// <remarks>WS-Enumeration; DSP0226, "Optimization for enumerations with small result sets".</remarks>
internal sealed class EnumerationOperations(EnumerationTable table, Func<ServiceOptions> options)
{
    // What an envelope holds besides the items: prefixes, headers, the context and the ends of the elements.
    private const int EnvelopeOverheadBytes = 2048;

    public async ValueTask<IBody> EnumerateAsync(OperationContext context, IEnumerateResource resource, BodyReader body)
    {
        var request = Enumerate.Read(body);
        var longest = options().SubscriptionTimeout ?? options().EnumerationTimeout;
        var idle = request.Expires is { } expires && expires < longest ? expires : longest;
        var cursor = await resource.EnumerateAsync(context, request).ConfigureAwait(false);
        var enumeration = new EnumerationContext(cursor, request.Mode, context.Caller.Name, idle);
        try
        {
            if (!request.Optimize)
            {
                table.Add(enumeration);
                return new EnumerateBatch(
                    new EnumerateResponse { Context = enumeration.Id, Expires = request.Expires is null ? null : idle }, null, enumeration.TotalItems);
            }

            enumeration.Enter();
            var items = new XmlUtf8Writer(RoomFor(context));
            try
            {
                var end = await enumeration.FillAsync(items, Elements(request.MaxElements), long.MaxValue, () => context.Cancellation).ConfigureAwait(false);
                context.ClientGone.ThrowIfCancellationRequested(); // nobody would ever know the context
                if (!end)
                {
                    table.Add(enumeration);
                    table.Return(enumeration);
                }

                var total = enumeration.TotalItems;
                if (end)
                {
                    await table.RemoveAsync(enumeration).ConfigureAwait(false);
                }

                var response = new EnumerateResponse
                {
                    Context = end ? "" : enumeration.Id,
                    Expires = request.Expires is null || end ? null : idle,
                    Items = items.Written,
                    EndOfSequence = end,
                };
                return new EnumerateBatch(response, items, total);
            }
            catch
            {
                items.Dispose();
                throw;
            }
        }
        catch
        {
            await table.RemoveAsync(enumeration).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<IBody> PullAsync(OperationContext context, BodyReader body)
    {
        var request = Pull.Read(body);
        var enumeration = table.Take(request.Context, context.Caller.Name);
        var items = new XmlUtf8Writer(RoomFor(context));
        var keep = false;
        try
        {
            using var time = new PullTime(context, request.MaxTime);
            var end = await enumeration
                .FillAsync(items, Elements(request.MaxElements), request.MaxCharacters ?? long.MaxValue, time.Deadline)
                .ConfigureAwait(false);
            context.ClientGone.ThrowIfCancellationRequested();
            keep = !end;
            var response = new PullResponse { Context = end ? null : enumeration.Id, Items = items.Written, EndOfSequence = end };
            return new PullBatch(response, items, enumeration.TotalItems, enumeration.Bookmark);
        }
        catch (OperationCanceledException) when (!context.ClientGone.IsCancellationRequested)
        {
            // Nothing came in time: the enumeration is as before, and the client may pull again.
            keep = true;
            items.Dispose();
            throw;
        }
        catch
        {
            // A fault ends the sequence; a client that is gone would miss the items of this batch. There is no way on.
            items.Dispose();
            throw;
        }
        finally
        {
            if (keep)
            {
                table.Return(enumeration);
            }
            else
            {
                await table.RemoveAsync(enumeration).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask<IBody> ReleaseAsync(OperationContext context, BodyReader body)
    {
        var request = Release.Read(body);
        var enumeration = table.Take(request.Context, context.Caller.Name);
        await table.RemoveAsync(enumeration).ConfigureAwait(false);
        return EmptyBody.Instance;
    }

    private static int RoomFor(OperationContext context) =>
        context.MaxEnvelopeBytes - EnvelopeOverheadBytes - (context.Headers.MessageId?.Length ?? 0) * 3 - (context.Headers.OperationId?.Length ?? 0) * 3;

    private long Elements(long? wanted) => Math.Min(wanted ?? 1, options().MaxBatchItems);

    /// <summary>A batch that owns the buffer of its items until it is written.</summary>
    private abstract class Batch(IBody response, XmlUtf8Writer? items, long? total, string? bookmark) : ICountedBody
    {
        public long? TotalItems => total;

        public string? Bookmark => bookmark;

        public BodyPrefixes Prefixes => response.Prefixes;

        public void Write(XmlUtf8Writer xml)
        {
            response.Write(xml);
            items?.Dispose();
        }
    }

    private sealed class EnumerateBatch(IBody response, XmlUtf8Writer? items, long? total) : Batch(response, items, total, bookmark: null);

    private sealed class PullBatch(IBody response, XmlUtf8Writer items, long? total, string? bookmark) : Batch(response, items, total, bookmark);

    /// <summary>The shorter of MaxTime and the operation's own time.</summary>
    private sealed class PullTime(OperationContext context, TimeSpan? maxTime) : IDisposable
    {
        private OperationContext.ShorterTime? _part;

        public CancellationToken Deadline()
        {
            if (maxTime is not { } limit || limit >= context.TimeLeft)
            {
                return context.Cancellation;
            }

            _part ??= context.LimitedTo(limit);
            return _part.Token;
        }

        public void Dispose() => _part?.Dispose();
    }
}
