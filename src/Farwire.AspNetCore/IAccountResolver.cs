using System.Security.Claims;

namespace Farwire.AspNetCore;

/// <summary>Completes what authentication proved by what the machine knows of the account: its number and its groups.</summary>
public interface IAccountResolver
{
    /// <summary>The principal with the claims of <c>CallerClaims</c>. Without an account it stays as it is, and may run nothing.</summary>
    ClaimsPrincipal Complete(ClaimsPrincipal proved);
}
