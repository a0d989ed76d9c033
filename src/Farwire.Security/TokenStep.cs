using System.Security.Claims;
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

    /// <summary>Opens and seals the messages of the connection; null when the context cannot.</summary>
    public IMessageSeal? Seal { get; }

    /// <summary>Identity is proved.</summary>
    public bool IsAccepted => Principal is not null;

    /// <summary>Another leg is needed.</summary>
    public bool IsContinued => Principal is null && Reply is not null && !IsRefusedWithToken;

    /// <summary>Why the token is refused, for the log of the service; never for the client.</summary>
    public string? Reason { get; private init; }

    /// <summary>The token is wrong, and the scheme has a token that says so.</summary>
    public bool IsRefusedWithToken { get; private init; }

    /// <summary>The client is <paramref name="principal"/>.</summary>
    public static TokenStep Accepted(ClaimsPrincipal principal, string? reply = null, IMessageSeal? seal = null) => new(principal, reply, seal);

    /// <summary>The token proves nothing; <paramref name="reason"/> is for the log alone.</summary>
    public static TokenStep RefusedFor(string reason) => new(null, null) { Reason = reason };

    /// <summary>The client proved <paramref name="principal"/>; whose rights it has is found for each resource.</summary>
    public static TokenStep AcceptedByResource(ClaimsPrincipal principal, Func<string, ClaimsPrincipal?> principalFor) =>
        new(principal, null) { PrincipalFor = principalFor };

    /// <summary>The client must answer <paramref name="reply"/>.</summary>
    public static TokenStep Continue(string reply) => new(null, reply);

    /// <summary>The token proves nothing, and <paramref name="reply"/> carries the mechanism's own word for it.</summary>
    public static TokenStep RefusedWith(string reply, string reason) => new(null, reply) { IsRefusedWithToken = true, Reason = reason };
}
