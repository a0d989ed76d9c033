using System.Xml;
using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Source.Operational;
using Farwire.Source.Policy;

namespace Farwire.Source.Forwarding;

/// <summary>Serves one collector: asks for its subscriptions again and again, and runs what it says.</summary>
/// <remarks>MS-WSMV, "SubscriptionManager". The same version runs on; another one ends the old and begins anew; what is no longer listed ends.</remarks>
internal sealed class CollectorForwarder(CollectorPolicy policy, ForwardingMeans means, Func<Uri, DeliveryTerms?, IMessageChannel> connect)
{
    private readonly CollectorLink _link = new(policy, means.MachineId, address => connect(address, null), means.Logger);
    private readonly BackOff _backOff = new(policy.Refresh);

    // Only the loop changes them, and as a whole: whoever asks how things stand sees one state.
    private volatile Dictionary<string, RunningSubscription> _running = [];
    private volatile CollectorStanding _standing = new(policy, null, null, []);

    /// <summary>How the collector and its subscriptions stand.</summary>
    public CollectorStanding Standing => _standing with { Subscriptions = [.. _running.Values.Select(running => KeyValuePair.Create(running.Name, running.Standing))] };

    /// <summary>Serves until cancelled; every subscription has ended then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var wait = await AskAsync(cancellationToken).ConfigureAwait(false);
                _standing = _standing with { NextAttempt = means.Time.GetUtcNow() + wait };
                await Task.Delay(wait, means.Time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await Task.WhenAll(_running.Values.Select(running => running.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    // Answers how long to wait until the next question. What runs, runs on: the collector may only be away for a while.
    private async Task<TimeSpan> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var items = await _link.EnumerateAsync(cancellationToken).ConfigureAwait(false);
            if (_standing.LastAnswer is null || _standing.LastError is not null)
            {
                means.Operations.Write(OperationalEvent.Connected(policy.Server));
            }

            _backOff.Succeeded();
            _standing = _standing with { LastAnswer = means.Time.GetUtcNow(), LastError = null, Fix = null };
            await ApplyAsync(items).ConfigureAwait(false);
            return policy.Refresh;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var (problem, transport) = (e.Message, e as WSManTransportException);
            var (code, fix) = e switch
            {
                WSManTransportException lost => (lost.ErrorCode, lost.Fix),
                WSManFaultException refused => (refused.Fault.Code, "See the collector's own log: it refused to hand out subscriptions."),
                XmlException => (1804u, "Check that the address, and what stands in front of it, is the collector's: what it answers is no list of subscriptions."),
                _ => (1359u, "It is a mistake of this program: the log has its trace."),
            };
            if (code == 1359)
            {
                Log.CollectorBroke(means.Logger, policy.Server, e);
            }

            if (_standing.LastError != problem)
            {
                means.Operations.Write(OperationalEvent.Trouble(policy.Server, code, problem)); // once, not at every try
            }

            _standing = _standing with { LastError = problem, Fix = fix };
            return _backOff.Failed(transport?.RetryAfter);
        }
    }

    private async Task ApplyAsync(IReadOnlyList<SubscriptionItem> items)
    {
        var wanted = items.DistinctBy(IdOf).ToDictionary(IdOf);
        var running = new Dictionary<string, RunningSubscription>();
        foreach (var (id, before) in _running)
        {
            if (wanted.TryGetValue(id, out var item) && item.Version == before.Version && !before.MayBeginAnew)
            {
                before.Refresh();
                running[id] = before;
            }
            else
            {
                await before.DisposeAsync().ConfigureAwait(false);
            }
        }

        _running = new(running);
        foreach (var (id, item) in wanted)
        {
            if (!running.ContainsKey(id))
            {
                running[id] = RunningSubscription.Begin(id, item, policy.Server, means, connect);
            }
        }

        _running = running;
    }

    private static string IdOf(SubscriptionItem item) => item.Subscribe.Delivery.NotifyTo?.Identifier ?? item.Headers.Options["SubscriptionName"] ?? item.Version;
}
