using System.Xml;
using Farwire.Client.Connection;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Source.Policy;

namespace Farwire.Source.Forwarding;

/// <summary>Serves one collector: asks for its subscriptions again and again, and runs what it says.</summary>
/// <remarks>MS-WSMV, "SubscriptionManager". The same version runs on; another one ends the old and begins anew; what is no longer listed ends.</remarks>
internal sealed class CollectorForwarder(CollectorPolicy policy, ForwardingMeans means)
{
    private readonly Dictionary<string, Running> _running = [];
    private readonly CollectorLink _link = new(policy, means.MachineId, address => means.Connect(address, null));

    /// <summary>Serves until cancelled; every subscription has ended then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await ApplyAsync(await _link.EnumerateAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                }
                catch (Exception e) when (e is WSManTransportException or WSManFaultException or XmlException)
                {
                    // What runs, runs on: the collector may only be away for a while.
                    Log.CollectorTrouble(means.Logger, policy.Server, e.Message);
                }

                await Task.Delay(policy.Refresh, means.Time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await Task.WhenAll(_running.Values.Select(EndAsync)).ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync(IReadOnlyList<SubscriptionItem> items)
    {
        var wanted = items.DistinctBy(IdOf).ToDictionary(IdOf);
        foreach (var (id, running) in _running.ToList())
        {
            if (!wanted.TryGetValue(id, out var item) || item.Version != running.Version)
            {
                await EndAsync(running).ConfigureAwait(false);
                _running.Remove(id);
            }
            else
            {
                running.Run?.Refresh();
            }
        }

        foreach (var (id, item) in wanted)
        {
            if (!_running.ContainsKey(id))
            {
                _running[id] = Begin(id, item);
            }
        }
    }

    private Running Begin(string id, SubscriptionItem item)
    {
        var progress = new SubscriptionProgress(means.Time);
        try
        {
            var terms = DeliveryTerms.Of(item);
            var run = new SubscriptionRun(policy.Server, terms, means, progress);
            var stop = new CancellationTokenSource();
            Log.SubscriptionBegins(means.Logger, terms.Name, policy.Server);
            return new Running(item.Version, progress, run, stop, Task.Run(() => ServeAsync(run, terms.Name, progress, stop.Token)));
        }
        catch (SubscriptionRefusedException e)
        {
            progress.Refused(e);
            Log.SubscriptionRefused(means.Logger, id, policy.Server, e.Message);
            return new Running(item.Version, progress, null, null, Task.CompletedTask);
        }
    }

    private async Task ServeAsync(SubscriptionRun run, string name, SubscriptionProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SubscriptionRefusedException or IOException or UnauthorizedAccessException)
        {
            progress.Refused(e);
            Log.SubscriptionRefused(means.Logger, name, policy.Server, e.Message);
        }
    }

    private static async Task EndAsync(Running running)
    {
        if (running.Stop is { } stop)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.Task.ConfigureAwait(false);
            stop.Dispose();
        }
    }

    private static string IdOf(SubscriptionItem item) => item.Subscribe.Delivery.NotifyTo?.Identifier ?? item.Headers.Options["SubscriptionName"] ?? item.Version;

    private sealed record Running(string Version, SubscriptionProgress Progress, SubscriptionRun? Run, CancellationTokenSource? Stop, Task Task);
}
