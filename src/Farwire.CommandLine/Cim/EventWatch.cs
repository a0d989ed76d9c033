using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Eventing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Cim;

/// <summary>The events that a WQL query tells of, as they come.</summary>
/// <remarks>DSP0226, "Pull delivery mode".</remarks>
internal static class EventWatch
{
    private const int Batch = 100;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs until the source ends it or the caller stops.</summary>
    public static async Task RunAsync(WSManClient client, string resourceUri, string query, Action<string> show, TextWriter output, CancellationToken cancellationToken)
    {
        var subscription = await client.SubscribeAsync(resourceUri, new Subscribe(new Delivery(DeliveryModes.Pull)) { Filter = Filter.Wql(query) }, null, cancellationToken).ConfigureAwait(false);
        var isLast = false;
        try
        {
            while (!isLast)
            {
                if (await subscription.PullAsync(Wait, Batch, cancellationToken).ConfigureAwait(false) is not { } pulled)
                {
                    continue; // nothing came in time
                }

                foreach (var occurrence in pulled.Events)
                {
                    show(occurrence);
                }

                await output.FlushAsync(cancellationToken).ConfigureAwait(false); // somebody waits for it
                isLast = pulled.IsLast;
            }
        }
        finally
        {
            if (!isLast)
            {
                await EndAsync(subscription).ConfigureAwait(false);
            }
        }
    }

    private static async Task EndAsync(RemoteSubscription subscription)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await subscription.EndAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or OperationCanceledException)
        {
            // It ends by itself in time; the caller's own reason to stop matters more.
        }
    }
}
