using System.Security.Claims;

namespace Farwire.Security;

/// <summary>The service's side of an authentication scheme, for one connection.</summary>
/// <remarks>RFC 9110, "HTTP authentication". Schemes of several legs keep their state between steps.</remarks>
public interface ITokenAcceptor
{
    /// <summary>The scheme's name in <c>Authorization</c> and <c>WWW-Authenticate</c>.</summary>
    string Scheme { get; }

    /// <summary>Takes the client's token.</summary>
    /// <param name="token">What follows the scheme's name.</param>
    /// <param name="peer">The client's network address, for the count of wrong guesses.</param>
    /// <param name="cancellationToken">Ends when the client is gone.</param>
    ValueTask<TokenStep> StepAsync(string token, string peer, CancellationToken cancellationToken);
}

/// <summary>What became of a token.</summary>
public sealed class TokenStep
{
    private TokenStep(ClaimsPrincipal? principal, string? reply)
    {
        Principal = principal;
        Reply = reply;
    }

    /// <summary>The token proves nothing. Why is not for the client.</summary>
    public static TokenStep Refused { get; } = new(null, null);

    /// <summary>Who the client is, when it is proved.</summary>
    public ClaimsPrincipal? Principal { get; }

    /// <summary>The token to send back: with a principal the last one, without the next leg.</summary>
    public string? Reply { get; }

    /// <summary>Identity is proved.</summary>
    public bool IsAccepted => Principal is not null;

    /// <summary>Another leg is needed.</summary>
    public bool IsContinued => Principal is null && Reply is not null;

    /// <summary>The client is <paramref name="principal"/>.</summary>
    public static TokenStep Accepted(ClaimsPrincipal principal, string? reply = null) => new(principal, reply);

    /// <summary>The client must answer <paramref name="reply"/>.</summary>
    public static TokenStep Continue(string reply) => new(null, reply);
}
