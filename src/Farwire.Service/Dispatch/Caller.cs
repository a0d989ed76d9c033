using System.Security.Claims;
using Farwire.Service.Access;

namespace Farwire.Service.Dispatch;

/// <summary>Who sends a request, and from where.</summary>
/// <param name="Principal">The identity that authentication found.</param>
/// <param name="Address">The client's network address; empty for a local caller.</param>
public sealed record Caller(ClaimsPrincipal Principal, string Address = "")
{
    /// <summary>Nobody in particular: may identify the service, and no more.</summary>
    public static Caller Anonymous { get; } = new(new ClaimsPrincipal(new ClaimsIdentity()));

    /// <summary>The connection the request came on, on which one request follows the answer to the last; null when there is no such order.</summary>
    public object? Connection { get; init; }

    /// <summary>Who the caller is for a resource, when that depends on it, as with mapped certificates; null is nobody.</summary>
    public Func<string, ClaimsPrincipal?>? PrincipalFor { get; init; }

    /// <summary>
    /// Makes a cache of the Kerberos tickets that the caller left here, to be used in its name elsewhere; while its connection lives. Null when there are none.
    /// </summary>
    public Func<byte[]>? Tickets { get; init; }

    /// <summary>The name of the account; empty when not authenticated.</summary>
    public string Name => Principal.Identity?.Name ?? "";

    /// <summary>The Unix account that the caller's work runs as; empty when there is none.</summary>
    public string Account => Principal.FindFirst(CallerClaims.Account)?.Value ?? "";

    /// <summary>The identity was proved.</summary>
    public bool IsAuthenticated => Principal.Identity is { IsAuthenticated: true };

    /// <summary>The caller as it is for <paramref name="resourceUri"/>.</summary>
    public Caller For(string resourceUri) =>
        PrincipalFor is null ? this : PrincipalFor(resourceUri) is { } principal ? new Caller(principal, Address) : Anonymous;

    /// <summary>Makes a caller of a name, for hosts that authenticate by other means: it acts as the host's own account unless one is given.</summary>
    public static Caller Named(string name, string address = "", string? account = null) => new(
        new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, name), new Claim(CallerClaims.Account, account ?? Environment.UserName)], "Local")),
        address);
}
