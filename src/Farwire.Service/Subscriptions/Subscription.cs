using Farwire.Protocol.Eventing;

namespace Farwire.Service.Subscriptions;

/// <summary>One subscription: whose it is, until when it lives, and how it ends.</summary>
/// <remarks>WS-Eventing, "Subscription Managers".</remarks>
internal sealed class Subscription : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();

    public Subscription() => Ended = _ended.Token;

    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required string ResourceUri { get; init; }

    /// <summary>Where its end is told; null when nobody wants to know.</summary>
    public EventingReference? EndTo { get; init; }

    /// <summary>Its address, as its end names it.</summary>
    public required EventingReference SubscriptionManager { get; init; }

    /// <summary>Ends it at its expiry; null when it has none.</summary>
    public ITimer? Expiry { get; set; }

    /// <summary>Lets go of the events that wait to be pulled. Called once, when it ends; a delivery lets go of its own.</summary>
    public Func<ValueTask>? Close { get; init; }

    /// <summary>Ends with the subscription.</summary>
    public CancellationToken Ended { get; }

    /// <summary>The delivery of its events; completed in Pull mode.</summary>
    public Task Delivery { get; set; } = Task.CompletedTask;

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        Expiry?.Dispose();
        await _ended.CancelAsync().ConfigureAwait(false);
        if (Close is not null)
        {
            await Close().ConfigureAwait(false);
        }

        _ended.Dispose();
    }
}
