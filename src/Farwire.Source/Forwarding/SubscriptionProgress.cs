using Farwire.Client.Connection;
using Farwire.Events.Bookmarks;
using Farwire.Protocol.Faults;

namespace Farwire.Source.Forwarding;

/// <summary>How a subscription stands, for people.</summary>
public enum ForwardingState
{
    /// <summary>Nothing was delivered yet.</summary>
    Starting,

    /// <summary>The last delivery was acknowledged.</summary>
    Active,

    /// <summary>The last delivery was not; it is tried again.</summary>
    Trying,

    /// <summary>This machine cannot serve it.</summary>
    Refused,
}

/// <summary>How a subscription stands.</summary>
/// <param name="State">In a word.</param>
/// <param name="LastAck">When the collector acknowledged last.</param>
/// <param name="Events">Events that it acknowledged since the start.</param>
/// <param name="Position">The place behind them.</param>
/// <param name="LastError">What went wrong last; null since it is well.</param>
/// <param name="Fix">What helps.</param>
public sealed record SubscriptionStanding(ForwardingState State, DateTimeOffset? LastAck, long Events, BookmarkList? Position, string? LastError, string? Fix)
{
    /// <summary>When it is tried again; null at the collector's next answer, or when there is nothing to try.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}

/// <summary>How a collector stands.</summary>
/// <param name="Policy">Which.</param>
/// <param name="LastError">Why it could not be asked for subscriptions; null when it could.</param>
/// <param name="Fix">What helps.</param>
/// <param name="Subscriptions">Its subscriptions by name.</param>
public sealed record CollectorStanding(Policy.CollectorPolicy Policy, string? LastError, string? Fix, IReadOnlyList<KeyValuePair<string, SubscriptionStanding>> Subscriptions)
{
    /// <summary>When it answered last; null when it never did.</summary>
    public DateTimeOffset? LastAnswer { get; init; }

    /// <summary>When it is asked again.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}

/// <summary>Keeps how a subscription stands.</summary>
internal sealed class SubscriptionProgress(TimeProvider time)
{
    private volatile SubscriptionStanding _standing = new(ForwardingState.Starting, null, 0, null, null, null);

    public SubscriptionStanding Standing => _standing;

    public void Opened() => _standing = _standing with { LastError = null, Fix = null };

    public void Acknowledged(int events, BookmarkList? position) => _standing = _standing with
    {
        State = ForwardingState.Active,
        LastAck = time.GetUtcNow(),
        Events = _standing.Events + events,
        Position = position ?? _standing.Position,
        NextAttempt = null,
        LastError = null,
        Fix = null,
    };

    public void Failed(Exception error, TimeSpan? wait) => _standing = _standing with
    {
        State = ForwardingState.Trying,
        NextAttempt = time.GetUtcNow() + wait,
        LastError = error.Message,
        Fix = error switch
        {
            WSManTransportException transport => transport.Fix,
            WSManFaultException => "See the collector's own log: it refused the message.",
            _ => null,
        },
    };

    public void NotKept(Exception error) => _standing = _standing with
    {
        LastError = $"the bookmark could not be kept: {error.Message}",
        Fix = "Free space in the source's folder; until then a restart sends some events twice.",
    };

    public void Refused(Exception error) => _standing = _standing with
    {
        State = ForwardingState.Refused,
        NextAttempt = null,
        LastError = error.Message,
        Fix = error switch
        {
            SubscriptionRefusedException refused => refused.Fix,
            IOException or UnauthorizedAccessException => "See that the source's folder can be read and written; it is tried again at the next refresh.",
            _ => "It is a mistake of this program: the log has its trace. It is tried again at the next refresh.",
        },
    };
}
