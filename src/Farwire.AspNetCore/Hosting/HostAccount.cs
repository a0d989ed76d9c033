using System.Security.Claims;
using Farwire.Service.Access;

namespace Farwire.AspNetCore.Hosting;

/// <summary>Everybody works as the account of the application: it has no other.</summary>
internal sealed class HostAccount : IAccountResolver
{
    public static HostAccount Instance { get; } = new();

    public ClaimsPrincipal Complete(ClaimsPrincipal proved) => proved.HasClaim(claim => claim.Type == CallerClaims.Account)
        ? proved
        : new ClaimsPrincipal(proved.Identities.Append(new ClaimsIdentity([new Claim(CallerClaims.Account, Environment.UserName)])));
}
