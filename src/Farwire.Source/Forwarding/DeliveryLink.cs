using Farwire.Client.Connection;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;

namespace Farwire.Source.Forwarding;

/// <summary>The connection on which one subscription is served, one message at a time.</summary>
/// <remarks>MS-WSMV, "Event delivery"; DSP0226, "Acknowledgement". Only an Ack for this very message means that it is safe.</remarks>
internal sealed class DeliveryLink(DeliveryTerms terms, string machineId, Func<Uri, IMessageChannel> connect) : IAsyncDisposable
{
    private readonly string _operation = Uuid.Format(Guid.NewGuid());
    private IMessageChannel? _channel;
    private Uri? _address;

    /// <summary>Sends a message; ends when it was acknowledged.</summary>
    /// <exception cref="WSManTransportException">The way there or back broke, or what came back is no Ack.</exception>
    /// <exception cref="Protocol.Faults.WSManFaultException">The collector refuses.</exception>
    public async Task SendAsync(string action, IBody body, string? bookmark, CancellationToken cancellationToken)
    {
        var target = action == Actions.SubscriptionEnd ? terms.EndTo : terms.NotifyTo;
        var headers = SourceHeaders.Of(target.Address, action, machineId, _operation) with
        {
            Identifier = target.Identifier,
            ReferenceProperties = target.Properties,
            Bookmark = bookmark,
            AckRequested = true,
        };
        if (_channel is null || _address != AddressOf(target))
        {
            await DisposeAsync().ConfigureAwait(false);
            (_channel, _address) = (connect(AddressOf(target)), AddressOf(target));
        }

        try
        {
            await foreach (var reply in _channel.SendAsync(new Request(headers, body), cancellationToken).ConfigureAwait(false))
            {
                using (reply)
                {
                    reply.EnsureSuccess();
                    if (reply.Headers.Action == Actions.Ack && reply.Headers.RelatesTo == headers.MessageId)
                    {
                        return;
                    }
                }
            }

            throw new WSManTransportException(
                TransportFailure.NotSoap, $"{target.Address} answered, and did not acknowledge the delivery.", "Check that the address, and what stands in front of it, is the collector's.");
        }
        catch
        {
            // Whatever the connection was in the middle of: the next attempt proves itself anew.
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _channel, null) is { } channel)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static Uri AddressOf(EventingReference target) =>
        Uri.TryCreate(target.Address.Trim(), UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") ? address : throw new WSManTransportException(
            TransportFailure.NotSoap, $"The collector wants events at '{target.Address}', which is no http address.", "Set the collector's public address.");
}
