using System.Globalization;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Client.Eventing;

/// <summary>A subscription that a client has made at a source.</summary>
/// <remarks>
/// WS-Eventing; DSP0226, "Pull delivery mode". In the other modes the source sends to the address that the subscription named, and all that is left
/// to do here is to renew and to end it. A Pull acknowledges the batch before: whoever must lose nothing keeps a batch before the next Pull.
/// </remarks>
public sealed class RemoteSubscription
{
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(10);

    private readonly WSManClient _client;
    private readonly string _resourceUri;
    private readonly EventingReference _manager;
    private string? _context;

    private RemoteSubscription(WSManClient client, string resourceUri, SubscribeResponse response) =>
        (_client, _resourceUri, _manager, _context, Expires) = (client, response.SubscriptionManager.ResourceUri ?? resourceUri, response.SubscriptionManager, response.EnumerationContext, response.Expires);

    /// <summary>How long it lives unless it is renewed; zero is for ever.</summary>
    public TimeSpan Expires { get; private set; }

    /// <summary>Its events are pulled.</summary>
    public bool IsPulled => _context is not null;

    internal static async Task<RemoteSubscription> OpenAsync(WSManClient client, string resourceUri, Subscribe subscribe, OptionSet? options, CancellationToken cancellationToken)
    {
        var headers = client.Headers(Actions.Subscribe, resourceUri);
        using var reply = await client.SendAsync(new Request(headers with { Options = options ?? headers.Options }, subscribe), cancellationToken).ConfigureAwait(false);
        return new RemoteSubscription(client, resourceUri, SubscribeResponse.Read(reply.Body));
    }

    /// <summary>Waits for events; null when none came in time.</summary>
    /// <param name="maxTime">How long the source may wait for them.</param>
    /// <param name="maxElements">Events wanted at most; null leaves it to the source.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PulledEvents?> PullAsync(TimeSpan maxTime, int? maxElements, CancellationToken cancellationToken = default)
    {
        var pull = new Pull(_context ?? throw new InvalidOperationException("The events of this subscription are sent, not pulled.")) { MaxTime = maxTime, MaxElements = maxElements };
        var headers = _client.Headers(Actions.Pull, _resourceUri) with { Identifier = _manager.Identifier, OperationTimeout = maxTime + OnTheWay };
        try
        {
            using var reply = await _client.SendAsync(new Request(headers, pull), cancellationToken).ConfigureAwait(false);
            var events = new List<string>();
            long dropped = 0;
            var batch = EnumerationBatch.Read(reply.Body, item => dropped += ReadItem(item, events));
            _context = batch.Context ?? _context;
            return new PulledEvents(events, reply.Headers.Bookmark, dropped, batch.EndOfSequence);
        }
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.OperationTimedOut.Code)
        {
            return null;
        }
    }

    /// <summary>Lengthens its life; false when the source does not do that, and a new subscription is needed before it ends.</summary>
    public async Task<bool> RenewAsync(TimeSpan? expires, CancellationToken cancellationToken = default)
    {
        try
        {
            using var reply = await _client.SendAsync(new Request(Headers(Actions.Renew), new Renew(expires)), cancellationToken).ConfigureAwait(false);
            Expires = Renew.Read(reply.Body).Expires ?? Expires;
            return true;
        }
        // Windows answers UnableToRenew to every Renew.
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.ActionNotSupported.Code || e.Fault.Code == FaultCatalog.InvalidActionUri.Code || e.Fault.Code == FaultCatalog.UnableToRenew.Code)
        {
            return false;
        }
    }

    /// <summary>Ends it.</summary>
    public async Task EndAsync(CancellationToken cancellationToken = default)
    {
        using var reply = await _client.SendAsync(new Request(Headers(Actions.Unsubscribe), new Unsubscribe()), cancellationToken).ConfigureAwait(false);
    }

    private MessageHeaders Headers(string action) => _client.Headers(action, _resourceUri) with { Identifier = _manager.Identifier ?? _context };

    // <Event/> as it is, or <w:Event> with the event as text or as element, or <w:DroppedEvents>12</w:DroppedEvents>; answers how many were dropped
    private static long ReadItem(BodyReader item, List<string> events)
    {
        if (item.Is("DroppedEvents", Namespaces.WSMan))
        {
            return long.TryParse(item.ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
        }

        if (item.Is("Event", Namespaces.WSMan))
        {
            string? element = null;
            var text = item.ReadMixed(() => element = item.ReadOuterXml());
            events.Add(element ?? text);
        }
        else
        {
            events.Add(item.ReadOuterXml());
        }

        return 0;
    }
}
