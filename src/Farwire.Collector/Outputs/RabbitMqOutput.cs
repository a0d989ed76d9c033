using System.Buffers;
using Farwire.Collector.Store;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Farwire.Collector.Outputs;

/// <summary>Publishes events to RabbitMQ, each a persistent message; sent is what the broker has confirmed.</summary>
/// <remarks>AMQP 0-9-1; "Publisher Confirms". A message that no queue takes is refused by the broker, and so the batch comes again until one does.</remarks>
/// <param name="address">Such as <c>amqps://farwire@broker.example/events</c>: user, host and virtual host.</param>
/// <param name="password">The user's password, when it does not stand there.</param>
/// <param name="exchange">The exchange; empty is the default one, where the routing key is the queue.</param>
/// <param name="routingKey">The routing key.</param>
/// <param name="format">How each event is written.</param>
public sealed class RabbitMqOutput(Uri address, string? password, string exchange, string routingKey, EventFormat format = EventFormat.Json) : IEventOutput
{
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private IConnection? _connection;
    private IChannel? _channel;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            var channel = await ChannelAsync(cancellationToken).ConfigureAwait(false);
            var confirmed = new List<Task>(events.Count);
            foreach (var stored in events)
            {
                confirmed.Add(PublishAsync(channel, stored, cancellationToken));
            }

            await Task.WhenAll(confirmed).ConfigureAwait(false);
            return [];
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException or ObjectDisposedException)
        {
            await CloseAsync().ConfigureAwait(false);
            throw new OutputException($"RabbitMQ at {address.Host} does not take events: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async Task PublishAsync(IChannel channel, StoredEvent stored, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        EventLine.Write(body, stored, format);
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = format == EventFormat.Xml ? "application/xml" : "application/json",
            MessageId = $"{stored.Collector}-{stored.Sequence}", // the same when it is sent again
            AppId = "farwire",
        };
        await channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        await CloseAsync().ConfigureAwait(false);
        var factory = new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false, ClientProvidedName = "farwire" };
        if (password is not null)
        {
            factory.Password = password;
        }

        _connection = await factory.CreateConnectionAsync(cancellationToken).ConfigureAwait(false);
        return _channel = await _connection.CreateChannelAsync(Confirmed, cancellationToken).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        if (_channel is not null)
        {
            await _channel.DisposeAsync().ConfigureAwait(false);
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        (_channel, _connection) = (null, null);
    }
}
