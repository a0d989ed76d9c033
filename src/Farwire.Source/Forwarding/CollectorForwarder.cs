using System.Xml;
using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Source.Policy;

namespace Farwire.Source.Forwarding;

/// <summary>Serves one collector: asks for its subscriptions again and again, and runs what it says.</summary>
/// <remarks>MS-WSMV, "SubscriptionManager". The same version runs on; another one ends the old and begins anew; what is no longer listed ends.</remarks>
internal sealed class CollectorForwarder(CollectorPolicy policy, ForwardingMeans means, Func<Uri, DeliveryTerms?, IMessageChannel> connect)
{
    private readonly CollectorLink _link = new(policy, means.MachineId, address => connect(address, null));

    // Only the loop changes it, and as a whole: whoever asks how things stand sees one state.
    private volatile Dictionary<string, Running> _running = [];
    private volatile CollectorTrouble? _trouble;

    /// <summary>How the collector and its subscriptions stand.</summary>
    public CollectorStanding Standing => new(
        policy, _trouble?.Problem, _trouble?.Fix, [.. _running.Values.Select(running => new KeyValuePair<string, SubscriptionStanding>(running.Name, running.Progress.Standing))]);

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
                    _trouble = null;
                }
                catch (Exception e) when (e is WSManTransportException or WSManFaultException or XmlException)
                {
                    // What runs, runs on: the collector may only be away for a while.
                    _trouble = new CollectorTrouble(e.Message, (e as WSManTransportException)?.Fix);
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
        var running = new Dictionary<string, Running>();
        foreach (var (id, before) in _running)
        {
            if (!wanted.TryGetValue(id, out var item) || item.Version != before.Version)
            {
                await EndAsync(before).ConfigureAwait(false);
            }
            else
            {
                before.Run?.Refresh();
                running[id] = before;
            }
        }

        foreach (var (id, item) in wanted)
        {
            if (!running.ContainsKey(id))
            {
                running[id] = Begin(id, item);
            }
        }

        _running = running;
    }

    private Running Begin(string id, SubscriptionItem item)
    {
        var progress = new SubscriptionProgress(means.Time);
        try
        {
            var terms = DeliveryTerms.Of(item);
            var run = new SubscriptionRun(policy.Server, terms, means, progress, connect);
            var stop = new CancellationTokenSource();
            Log.SubscriptionBegins(means.Logger, terms.Name, policy.Server);
            return new Running(terms.Name, item.Version, progress, run, stop, Task.Run(() => ServeAsync(run, terms.Name, progress, stop.Token)));
        }
        catch (SubscriptionRefusedException e)
        {
            progress.Refused(e);
            Log.SubscriptionRefused(means.Logger, id, policy.Server, e.Message);
            return new Running(id, item.Version, progress, null, null, Task.CompletedTask);
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

    private sealed record Running(string Name, string Version, SubscriptionProgress Progress, SubscriptionRun? Run, CancellationTokenSource? Stop, Task Task);

    private sealed record CollectorTrouble(string Problem, string? Fix);
}
