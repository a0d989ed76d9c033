using Farwire.Client.Connection;
using Farwire.Collector.Store;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Collector.Outputs;

/// <summary>Forwards events to another collector, as a source does: it asks for its subscription there, and each batch is acknowledged.</summary>
/// <remarks>MS-WSMV, "Event subscription". The events keep their computer; the other collector sees this machine as their source.</remarks>
/// <param name="connection">The other collector's service, and who this one is there.</param>
/// <param name="subscription">The subscription there; null takes the first that is offered.</param>
public sealed class CollectorOutput(WSManConnectionOptions connection, string? subscription = null) : IEventOutput
{
    private HttpChannel? _channel;
    private EventingReference? _target;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            if (_channel is null)
            {
                _target = await SubscribeAsync(cancellationToken).ConfigureAwait(false);
                _channel = new HttpChannel(connection with { Address = new Uri(_target.Address) });
            }

            var headers = new MessageHeaders
            {
                To = _target!.Address,
                Action = Actions.Events,
                MessageId = Uuid.Format(Guid.NewGuid()),
                MachineId = Environment.MachineName,
                Identifier = _target.Identifier,
                Bookmark = $"<BookmarkList><Bookmark Channel=\"{ForwardedEventsLog.Name}\" RecordId=\"{events[^1].Sequence}\" IsCurrent=\"true\"/></BookmarkList>",
                AckRequested = true,
                OperationTimeout = connection.OperationTimeout,
            };
            await foreach (var reply in _channel.SendAsync(new Request(headers, new EventBatch { Events = [.. events.Select(stored => stored.Record.Xml)] }), cancellationToken).ConfigureAwait(false))
            {
                using (reply)
                {
                    reply.EnsureSuccess();
                }

                return [];
            }

            throw new OutputException($"{_target.Address} did not acknowledge the events.");
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            await DisposeAsync().ConfigureAwait(false); // perhaps the subscription is another one now
            throw new OutputException($"The collector at {connection.Address} does not take events: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
        {
            await _channel.DisposeAsync().ConfigureAwait(false);
            _channel = null;
        }
    }

    private async Task<EventingReference> SubscribeAsync(CancellationToken cancellationToken)
    {
        var manager = new Uri(connection.Address.ToString().TrimEnd('/') + "/SubscriptionManager/WEC");
        await using var channel = new HttpChannel(connection with { Address = manager });
        var request = new Request(
            new MessageHeaders
            {
                To = manager.ToString(),
                ResourceUri = ResourceUris.SubscriptionManager,
                Action = Actions.Enumerate,
                MessageId = Uuid.Format(Guid.NewGuid()),
                MachineId = Environment.MachineName,
                MaxEnvelopeSize = connection.MaxEnvelopeBytes,
                OperationTimeout = connection.OperationTimeout,
            },
            new Enumerate { Optimize = true, MaxElements = 32000 });
        var offered = new List<SubscriptionItem>();
        await foreach (var reply in channel.SendAsync(request, cancellationToken).ConfigureAwait(false))
        {
            using (reply)
            {
                reply.EnsureSuccess();
                EnumerationBatch.Read(reply.Body, item => offered.Add(SubscriptionItem.Read(item)));
            }
        }

        return offered.Find(item => subscription is null || subscription.Equals(item.Headers.Options["SubscriptionName"], StringComparison.OrdinalIgnoreCase)) is { Subscribe.Delivery.NotifyTo: { } target }
            ? target
            : throw new OutputException($"The collector at {connection.Address} has no subscription{(subscription is null ? "" : $" '{subscription}'")} for this machine.");
    }
}
