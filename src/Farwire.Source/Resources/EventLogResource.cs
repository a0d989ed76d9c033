using System.Runtime.CompilerServices;
using System.Text;
using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Source.Access;
using Farwire.Source.Channels;

namespace Farwire.Source.Resources;

/// <summary>The event log of this machine: a collector subscribes to it, and a person queries it.</summary>
/// <remarks>
/// MS-WSMV, "Subscribe" of event logs, its filter and its options. Enumerating what is there is Farwire's own. A channel that the caller may not read
/// is as unknown as one that is not here.
/// </remarks>
internal sealed class EventLogResource(ILocalChannels channels, ChannelAccess access) : ISubscribeResource, IEnumerateResource
{
    public bool AcceptsOption(string name) => name.ToUpperInvariant() is
        "SUBSCRIPTIONNAME" or "COMPRESSION" or "CDATA" or "CONTENTFORMAT" or "IGNORECHANNELERROR" or "READEXISTINGEVENTS" or "NEWESTFIRST" or "LIMIT";

    public ValueTask<IEnumerationCursor> SubscribeAsync(OperationContext context, Subscribe request)
    {
        var filter = request.Filter is not { } given || given.IsDialect(Dialects.EventQuery) ? request.Filter
            : throw FaultCatalog.FilteringRequestedUnavailable.Fault($"events are filtered by '{Dialects.EventQuery}'.");
        var query = QueryOf(context, filter, FaultCatalog.CannotProcessFilter);
        var existing = context.Options.IsTrue("ReadExistingEvents");
        BookmarkList? after = null;
        if (request.Bookmark?.Trim() is { Length: > 0 } bookmark)
        {
            existing |= bookmark == BookmarkList.Earliest;
            after = bookmark == BookmarkList.Earliest ? null : BookmarkList.Read(bookmark)
                ?? throw FaultCatalog.InvalidParameterValue.Fault($"w:Bookmark holds a BookmarkList or '{BookmarkList.Earliest}'.");
        }

        return ValueTask.FromResult<IEnumerationCursor>(new EventLogCursor(channels.Open(query, after, existing, IsRendered(context), ignoreMissing: true)));
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        var filter = request.Filter is not { } given || given.IsDialect(Dialects.EventQuery) ? request.Filter
            : throw FaultCatalog.FilterDialectUnavailable.Fault($"events are filtered by '{Dialects.EventQuery}'.");
        var query = QueryOf(context, filter, FaultCatalog.CannotProcessEnumerationFilter);
        var limit = context.Options["Limit"] is not { } text ? int.MaxValue
            : int.TryParse(text, out var number) && number > 0 ? number : throw FaultCatalog.OptionInvalidValue.Fault($"the option Limit is a number from 1 on, not '{text}'.");
        var rendered = IsRendered(context);
        var events = context.Options.IsTrue("NewestFirst") ? channels.ReadBackAsync(query, rendered, CancellationToken.None) : ReadAsync(query, rendered);
        return ValueTask.FromResult<IEnumerationCursor>(new ListCursor<SourceEvent>(events.Take(limit), static (xml, found) => xml.RawContent(Encoding.UTF8.GetBytes(found.Xml))));
    }

    // Windows' default is the event as it was written.
    private static bool IsRendered(OperationContext context) => context.Options["ContentFormat"]?.Trim() switch
    {
        null or "" => false,
        var format when format.Equals("RenderedText", StringComparison.OrdinalIgnoreCase) => true,
        var format when format.Equals("Raw", StringComparison.OrdinalIgnoreCase) || format.Equals("Events", StringComparison.OrdinalIgnoreCase) => false,
        var format => throw FaultCatalog.OptionInvalidValue.Fault($"ContentFormat is Raw or RenderedText, not '{format}'."),
    };

    private async IAsyncEnumerable<SourceEvent> ReadAsync(EventQuery query, bool rendered, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var reader = channels.Open(query, null, readExisting: true, rendered, ignoreMissing: true);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } found)
        {
            yield return found;
        }
    }

    // Without a filter everything that the caller may read.
    private EventQuery QueryOf(OperationContext context, Filter? filter, FaultEntry wrong)
    {
        var token = context.Access.TokenOf(context.Caller);
        var readable = channels.Names.Where(channel => access.MayRead(token, channel)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        try
        {
            var query = filter is null ? null : EventQuery.Parse(filter.Xml ?? filter.Text);
            if (query?.Channels.FirstOrDefault(channel => !readable.Contains(channel)) is { } missing && !context.Options.IsTrue("IgnoreChannelError"))
            {
                throw new WSManFaultException(FaultCatalog.ResourceNotFound.ToFault(new ChannelNotFoundException(missing).Message) with { Code = ChannelNotFoundException.Code });
            }

            return query is null ? EventQuery.OfChannels(readable) : query.Only(readable);
        }
        catch (EventQueryException e)
        {
            throw new WSManFaultException(wrong.ToFault(e.Message) with { Code = EventQueryException.Code });
        }
    }
}
