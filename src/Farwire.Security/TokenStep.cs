using System.Security.Claims;
using Farwire.Security.Kerberos;
using Farwire.Security.Sealing;

namespace Farwire.Security;

/// <summary>What became of a token.</summary>
public sealed class TokenStep
{
    private TokenStep(ClaimsPrincipal? principal, string? reply, IMessageSeal? seal = null)
    {
        Principal = principal;
        Reply = reply;
        Seal = seal;
    }

    /// <summary>The token proves nothing. Why is not for the client.</summary>
    public static TokenStep Refused { get; } = new(null, null);

    /// <summary>Who the client is, when it is proved.</summary>
    public ClaimsPrincipal? Principal { get; }

    /// <summary>The token to send back: with a principal the last one, without the next leg.</summary>
    public string? Reply { get; }

    /// <summary>Who the client is for a resource, when that depends on it; null is nobody.</summary>
    public Func<string, ClaimsPrincipal?>? PrincipalFor { get; private init; }

    /// <summary>Who the client is as a source of events, by the resource; null is nobody. Null where that makes no difference.</summary>
    public Func<string, ClaimsPrincipal?>? SourceFor { get; private init; }

    /// <summary>Opens and seals the messages of the connection; null when the context cannot.</summary>
    public IMessageSeal? Seal { get; }

    /// <summary>Tickets that the client left here, to be used in its name elsewhere; they live as long as the acceptor. Null when there are none.</summary>
    public DelegatedTickets? Tickets { get; private init; }

    /// <summary>Identity is proved.</summary>
    public bool IsAccepted => Principal is not null;

    /// <summary>Another leg is needed.</summary>
    public bool IsContinued => Principal is null && Reply is not null && !IsRefusedWithToken;

    /// <summary>Why the token is refused, for the log of the service; never for the client.</summary>
    public string? Reason { get; private init; }

    /// <summary>What the scheme asks for now, in place of what it asks of everybody; null for that.</summary>
    public IReadOnlyList<string>? Challenges { get; private init; }

    /// <summary>The token is wrong, and the scheme has a token that says so.</summary>
    public bool IsRefusedWithToken { get; private init; }

    /// <summary>The client is <paramref name="principal"/>.</summary>
    public static TokenStep Accepted(ClaimsPrincipal principal, string? reply = null, IMessageSeal? seal = null, DelegatedTickets? tickets = null) =>
        new(principal, reply, seal) { Tickets = tickets };

    /// <summary>The token proves nothing; <paramref name="reason"/> is for the log alone.</summary>
    public static TokenStep RefusedFor(string reason) => new(null, null) { Reason = reason };

    /// <summary>The client proved <paramref name="principal"/>; whose rights it has is found for each resource.</summary>
    public static TokenStep AcceptedByResource(ClaimsPrincipal principal, Func<string, ClaimsPrincipal?> principalFor, Func<string, ClaimsPrincipal?> sourceFor) =>
        new(principal, null) { PrincipalFor = principalFor, SourceFor = sourceFor };

    /// <summary>The token proves nothing any more; with one of <paramref name="challenges"/> the client can begin again, without asking for a password.</summary>
    public static TokenStep RefusedAnew(IReadOnlyList<string> challenges, string reason) => new(null, null) { Challenges = challenges, Reason = reason };

    /// <summary>The client must answer <paramref name="reply"/>.</summary>
    public static TokenStep Continue(string reply) => new(null, reply);

    /// <summary>The token proves nothing, and <paramref name="reply"/> carries the mechanism's own word for it.</summary>
    public static TokenStep RefusedWith(string reply, string reason) => new(null, reply) { IsRefusedWithToken = true, Reason = reason };
}
