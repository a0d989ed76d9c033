using Farwire.Client.Connection;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Source.Policy;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Forwarding;

/// <summary>Asks a collector what it wants of this machine.</summary>
/// <remarks>MS-WSMV, "SubscriptionManager". 1. Enumerate: all subscriptions, in one answer or in several. 2. End. The connection lives no longer than that.</remarks>
internal sealed class CollectorLink(CollectorPolicy policy, string machineId, Func<Uri, IMessageChannel> connect, ILogger logger)
{
    /// <summary>Subscriptions that one collector may have here.</summary>
    public const int MaxSubscriptions = 256;

    private const int MaxPulls = 64;

    /// <summary>The subscriptions.</summary>
    /// <exception cref="WSManTransportException">The way there or back broke.</exception>
    /// <exception cref="WSManFaultException">The collector refuses.</exception>
    public async Task<IReadOnlyList<SubscriptionItem>> EnumerateAsync(CancellationToken cancellationToken)
    {
        var items = new List<SubscriptionItem>();
        var operation = Uuid.Format(Guid.NewGuid());
        await using var channel = connect(policy.Server);

        // 1
        var context = await AskAsync(channel, Actions.Enumerate, new Enumerate { Optimize = true, MaxElements = 32000 }, operation, items, cancellationToken).ConfigureAwait(false);
        for (var pulls = 0; context is not null; pulls++)
        {
            if (pulls == MaxPulls)
            {
                throw new WSManTransportException(TransportFailure.NotSoap, $"{policy.Server} lists subscriptions without end.", "Check that the address is that of a collector.");
            }

            context = await AskAsync(channel, Actions.Pull, new Pull(context) { MaxElements = 32000 }, operation, items, cancellationToken).ConfigureAwait(false);
        }

        // 2
        await EndAsync(channel, operation, cancellationToken).ConfigureAwait(false);
        return items;
    }

    // All that was asked for is here: what the collector says to the end, or whether it says anything, changes nothing.
    private async Task EndAsync(IMessageChannel channel, string operation, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var reply in channel.SendAsync(new Request(Headers(Actions.End, ResourceUris.FullDuplex, operation), EmptyBody.Instance), cancellationToken).ConfigureAwait(false))
            {
                reply.Dispose();
            }
        }
        catch (WSManTransportException e)
        {
            Log.EndNotHeard(logger, policy.Server, e.Message);
        }
    }

    private async Task<string?> AskAsync(IMessageChannel channel, string action, IBody body, string operation, List<SubscriptionItem> items, CancellationToken cancellationToken)
    {
        await foreach (var reply in channel.SendAsync(new Request(Headers(action, ResourceUris.SubscriptionManager, operation), body), cancellationToken).ConfigureAwait(false))
        {
            using (reply)
            {
                reply.EnsureSuccess();
                var batch = EnumerationBatch.Read(reply.Body, item =>
                {
                    var read = SubscriptionItem.Read(item);
                    if (items.Count < MaxSubscriptions)
                    {
                        items.Add(read);
                    }
                });
                return batch.EndOfSequence || string.IsNullOrEmpty(batch.Context) ? null : batch.Context;
            }
        }

        throw new WSManTransportException(TransportFailure.NotSoap, $"{policy.Server} answered with nothing.", "Check that the address is that of a collector: …/wsman/SubscriptionManager/WEC.");
    }

    private MessageHeaders Headers(string action, string resource, string operation) =>
        SourceHeaders.Of(policy.Server.ToString(), action, machineId, operation) with { ResourceUri = resource };
}
