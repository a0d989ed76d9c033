using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Source.Operational;

namespace Farwire.Source.Forwarding;

/// <summary>One version of a subscription while the collector lists it: it runs, or it is known why it does not.</summary>
internal sealed class RunningSubscription : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SubscriptionProgress _progress;
    private readonly Uri _collector;
    private readonly ForwardingMeans _means;
    private SubscriptionRun? _run;
    private bool _isHopeless;
    private Task _task = Task.CompletedTask;

    private RunningSubscription(string name, string version, Uri collector, ForwardingMeans means) =>
        (Name, Version, _collector, _means, _progress) = (name, version, collector, means, new SubscriptionProgress(means.Time));

    /// <summary>The name for people.</summary>
    public string Name { get; private set; }

    /// <summary>Which version.</summary>
    public string Version { get; }

    /// <summary>How it stands.</summary>
    public SubscriptionStanding Standing => _progress.Standing;

    /// <summary>It ended over something that may be different by now.</summary>
    public bool MayBeginAnew => _task.IsCompleted && !_isHopeless;

    /// <summary>Begins to serve what the collector listed.</summary>
    public static RunningSubscription Begin(string id, SubscriptionItem item, Uri collector, ForwardingMeans means, Func<Uri, DeliveryTerms?, IMessageChannel> connect)
    {
        var running = new RunningSubscription(id, item.Version, collector, means);
        try
        {
            var terms = DeliveryTerms.Of(item);
            running.Name = terms.Name;
            running._run = new SubscriptionRun(collector, terms, means, running._progress, connect);
            running._isHopeless = terms.Refusal is not null;
            running._task = Task.Run(running.ServeAsync);
        }
        catch (SubscriptionRefusedException e)
        {
            running._isHopeless = true;
            running.Refused(e);
        }

        return running;
    }

    /// <summary>The collector was heard of again.</summary>
    public void Refresh() => _run?.Refresh();

    /// <summary>Ends it; the collector has been told then.</summary>
    public async ValueTask DisposeAsync()
    {
        var ran = !_task.IsCompleted;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        _stop.Dispose();
        if (ran)
        {
            _means.Operations.Write(OperationalEvent.Unsubscribed(Name, _collector));
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            await _run!.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SubscriptionRefusedException or IOException or UnauthorizedAccessException)
        {
            Refused(e);
        }
        catch (Exception e)
        {
            // One subscription takes neither its neighbours nor the process with it.
            Log.SubscriptionBroke(_means.Logger, Name, _collector, e);
            Refused(e);
        }
    }

    private void Refused(Exception e)
    {
        _progress.Refused(e);
        _means.Operations.Write(OperationalEvent.SubscriptionNotCreated(Name, _collector, (e as SubscriptionRefusedException)?.Code ?? (e is UnauthorizedAccessException ? 5u : e is IOException ? 1117u : 1359u), e.Message));
    }
}
