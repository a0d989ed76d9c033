using System.Globalization;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Eventing;
using Farwire.Collector.Sources;
using Farwire.Collector.Store;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;

namespace Farwire.Collector.Initiated;

/// <summary>One source of a collector-initiated subscription: subscribes there, follows, and tries again, until it is disposed.</summary>
/// <remarks>
/// MS-WSMV, "Subscribe"; DSP0226, "Delivery modes". 1. Subscribe, from the bookmark on. 2. Pull, keep, pull again: a Pull acknowledges the batch before.
/// Or, where the source sends: wait, renew at half time, and begin anew after a silence. 3. After a failure wait, twice as long each time. While it
/// waits, whether for events or for its next attempt, it holds no thread.
/// </remarks>
internal sealed class SourceLink : IAsyncDisposable
{
    // What a source of Windows or of OMI may not know is asked for in this order.
    private static readonly string[] PushModes = [DeliveryModes.Events, DeliveryModes.PushWithAck, DeliveryModes.Push];

    // Connections that say nothing for five minutes are forgotten by many a router on the way.
    private static readonly TimeSpan LongestPull = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SubscriptionLife = TimeSpan.FromDays(1);

    private readonly EventCollector _collector;
    private readonly EventSource _source;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private TaskCompletionSource _wake = NewSignal();
    private volatile bool _isWaiting;
    private SourceFailure? _ended;

    public SourceLink(EventCollector collector, SubscriptionDefinition subscription, EventSource source)
    {
        (_collector, Subscription, _source) = (collector, subscription, source);
        _run = Task.Run(RunAsync);
    }

    public SubscriptionDefinition Subscription { get; }

    /// <summary>The source by its name in the subscription.</summary>
    public string Source => _source.Address;

    /// <summary>
    /// The last part of the address that the source sends to. Nobody else is told of it, and a new link has a new one: what is sent to an old one is
    /// refused, and comes again by the bookmark.
    /// </summary>
    public Guid Identifier { get; } = Guid.NewGuid();

    /// <summary>Tries at once when it waits for its next attempt, or hears nothing.</summary>
    public void Retry()
    {
        if (_isWaiting)
        {
            Volatile.Read(ref _wake).TrySetResult();
        }
    }

    /// <summary>The source said that it has ended the subscription.</summary>
    public void End(uint code, string reason)
    {
        Volatile.Write(ref _ended, new SourceFailure(code == 0 ? SourceFailure.Cancelled : code, reason));
        Volatile.Read(ref _wake).TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        var wait = _collector.Options.MinRetry;
        while (true)
        {
            var began = Now;
            Note(state => state with { FirstSeen = state.FirstSeen ?? began, NextRetry = state.NextRetry ?? began });
            try
            {
                await FollowAsync().ConfigureAwait(false);
                wait = _collector.Options.MinRetry;
            }
            catch (Exception e) when (SourceFailure.Of(e) is { } failure)
            {
                Volatile.Write(ref _ended, null);

                // Whoever was reached in between begins with the shortest wait again.
                wait = _collector.Store.Source(Source, Subscription.Id)?.NextRetry is null ? _collector.Options.MinRetry : wait;
                var next = Now + wait;
                Log.SourceFailed(_collector.Logger, Source, Subscription.Id, failure.Message, next);
                Note(state => state with { LastErrorCode = failure.Code, LastError = failure.Message, LastErrorTime = Now, NextRetry = next });
                await WaitAsync(wait).ConfigureAwait(false); // 3
                wait = wait * 2 < _collector.Options.MaxRetry ? wait * 2 : _collector.Options.MaxRetry;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.LinkBroken(_collector.Logger, Source, Subscription.Id, e);
                await WaitAsync(_collector.Options.MaxRetry).ConfigureAwait(false);
            }
        }
    }

    private async Task FollowAsync()
    {
        await using var client = new WSManClient(SourceConnection.Of(Subscription, _source, _collector.Options.Sources));
        var remote = await SubscribeAsync(client).ConfigureAwait(false); // 1
        Log.Subscribed(_collector.Logger, Source, Subscription.Id);
        Heard();
        try
        {
            await (remote.IsPulled ? PullAsync(remote) : WatchAsync(remote)).ConfigureAwait(false); // 2
        }
        finally
        {
            await EndAsync(remote).ConfigureAwait(false);
        }
    }

    private async Task<RemoteSubscription> SubscribeAsync(WSManClient client)
    {
        var state = await _collector.Store.FetchAsync(Source, Subscription.Id).ConfigureAwait(false);
        var pulled = DeliverySettings.Of(Subscription).Mode == DeliveryMode.Pull;
        var address = pulled ? null : _collector.DeliveryAddressFor(Subscription, Identifier);
        foreach (var mode in pulled ? [DeliveryModes.Pull] : PushModes)
        {
            try
            {
                var body = SubscriptionMessage.BodyFor(Subscription, mode, address, Identifier.ToString("D").ToUpperInvariant(), state, PolicyAt(address)) with { Expires = SubscriptionLife };
                return await client.SubscribeAsync(Subscription.Uri, body, SubscriptionMessage.OptionsOf(Subscription, mayPack: !pulled), _stop.Token).ConfigureAwait(false);
            }
            catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.DeliveryModeUnavailable.Code && !pulled && mode != PushModes[^1])
            {
                // The next mode may do.
            }
        }

        throw new InvalidOperationException("The last mode either subscribes or faults.");
    }

    private DeliveryPolicy? PolicyAt(Uri? address) => address is null ? null
        : Subscription.CredentialsType == CredentialsType.Basic ? DeliveryPolicy.Basic(address.Scheme)
        : new DeliveryPolicy(address.Scheme == Uri.UriSchemeHttps ? DeliveryPolicy.HttpsKerberos : DeliveryPolicy.HttpKerberos);

    private async Task PullAsync(RemoteSubscription remote)
    {
        var delivery = DeliverySettings.Of(Subscription);
        var longest = new[] { delivery.MaxLatency, delivery.Heartbeat, LongestPull }.Min();
        while (true)
        {
            var pulled = await remote.PullAsync(longest, delivery.MaxItems, _stop.Token).ConfigureAwait(false);
            Heard();
            if (pulled is not null)
            {
                await KeepAsync(pulled).ConfigureAwait(false);
            }

            if (pulled is { IsLast: true })
            {
                throw new SourceFailure(SourceFailure.Cancelled, "The source has ended the subscription.");
            }
        }
    }

    // Nothing more is pulled before it is safe: the next Pull would tell the source to forget it.
    private async Task KeepAsync(PulledEvents pulled)
    {
        while (true)
        {
            try
            {
                await _collector.Intake.TakeAsync(new Delivered(Source, Subscription, pulled.Events)
                {
                     Bookmark = pulled.Bookmark,
                    Dropped = pulled.Dropped,
                }).ConfigureAwait(false);
                return;
            }
            catch (StoreUnavailableException e)
            {
                Note(state => state with { LastErrorCode = 0, LastError = e.Message, LastErrorTime = Now });
                await Task.Delay(_collector.Options.RetryAfter, _collector.Time, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task WatchAsync(RemoteSubscription remote)
    {
        var patience = DeliverySettings.Of(Subscription).Heartbeat + _collector.Options.HeartbeatGrace;
        var since = Now;
        var renewAt = RenewTime(remote);
        while (true)
        {
            var heard = _collector.Store.Source(Source, Subscription.Id)?.LastSeen is { } seen && seen > since ? seen : since;
            var silentAt = heard + patience;
            var until = renewAt < silentAt ? renewAt : silentAt;
            await WaitAsync(until > Now ? until - Now : TimeSpan.Zero).ConfigureAwait(false);
            if (Volatile.Read(ref _ended) is { } ended)
            {
                throw ended;
            }

            if (Now >= silentAt && (_collector.Store.Source(Source, Subscription.Id)?.LastSeen ?? since) <= heard)
            {
                throw new SourceFailure(SourceFailure.NoHeartbeat, string.Create(CultureInfo.InvariantCulture, $"Nothing was heard for {patience.TotalSeconds:0} s; a heartbeat is due each {(patience - _collector.Options.HeartbeatGrace).TotalSeconds:0} s."));
            }

            if (Now >= renewAt)
            {
                if (!await remote.RenewAsync(SubscriptionLife, _stop.Token).ConfigureAwait(false))
                {
                    return; // the source renews nothing: a new subscription, from the bookmark on
                }

                renewAt = RenewTime(remote);
            }
        }
    }

    private DateTime RenewTime(RemoteSubscription remote) => remote.Expires > TimeSpan.Zero ? Now + (remote.Expires / 2) : DateTime.MaxValue;

    // A source that does not hear it ends the subscription by itself, in time.
    private static async Task EndAsync(RemoteSubscription remote)
    {
        using var patience = new CancellationTokenSource(FarewellPatience);
        try
        {
            await remote.EndAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or OperationCanceledException)
        {
            // It was told, or cannot be.
        }
    }

    // Ends with the time, or when somebody wakes it.
    private async Task WaitAsync(TimeSpan time)
    {
        var wake = NewSignal();
        Interlocked.Exchange(ref _wake, wake);
        if (Volatile.Read(ref _ended) is not null)
        {
            return; // it came before there was anybody to wake
        }

        _isWaiting = true;
        try
        {
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAny(Task.Delay(Longest(time), _collector.Time, woken.Token), wake.Task).ConfigureAwait(false);
            await woken.CancelAsync().ConfigureAwait(false);
            _stop.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            _isWaiting = false;
        }
    }

    // A timer takes no more than this.
    private static TimeSpan Longest(TimeSpan time) => time < TimeSpan.FromDays(1) ? time : TimeSpan.FromDays(1);

    private DateTime Now => _collector.Time.GetUtcNow().UtcDateTime;

    private void Heard()
    {
        var now = Now;
        Note(state => state with { LastSeen = now, LastHeartbeat = now, LastErrorCode = 0, LastError = null, LastErrorTime = null, NextRetry = null });
    }

    private void Note(Func<SourceState, SourceState> change) => _collector.Store.Note(Source, Subscription.Id, change);
}
