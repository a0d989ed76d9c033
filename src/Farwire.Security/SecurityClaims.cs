using System.Security.Claims;
using Farwire.Security.Accounts;
using Farwire.Security.Certificates;

namespace Farwire.Security;

/// <summary>The claims that Farwire's own schemes make.</summary>
public static class SecurityClaims
{
    /// <summary>The Unix account that the caller's work runs as.</summary>
    public const string Account = "farwire/account";

    /// <summary>Present when a domain proved the caller, not this machine alone; its value is the domain's identifier.</summary>
    public const string Domain = "farwire/domain";

    /// <summary>SHA-1 of the certificate of the authority directly above the client's, in hexadecimal. Its DNS names are claims of that kind.</summary>
    public const string IssuerThumbprint = "farwire/issuer-thumbprint";

    /// <summary>The principal of a user of the store.</summary>
    public static ClaimsPrincipal PrincipalOf(StoredUser user, string scheme) => PrincipalOf(user.Name, user.Account, scheme);

    /// <summary>A principal with a name and, when it is known, an account.</summary>
    public static ClaimsPrincipal PrincipalOf(string name, string? account, string scheme)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], scheme, ClaimTypes.Name, ClaimTypes.Role);
        if (account is not null)
        {
            identity.AddClaim(new Claim(Account, account));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The machine that a certificate names. No account is its own.</summary>
    internal static ClaimsPrincipal PrincipalOf(ClientCertificate certificate)
    {
        var principal = PrincipalOf(certificate.DnsNames[0], account: null, "Certificate");
        var identity = (ClaimsIdentity)principal.Identity!;
        identity.AddClaims(certificate.DnsNames.Select(name => new Claim(ClaimTypes.Dns, name)));
        identity.AddClaim(new Claim(IssuerThumbprint, certificate.IssuerSha1));
        return principal;
    }

    /// <summary>The same principal, proved by way of another scheme.</summary>
    internal static ClaimsPrincipal Under(string scheme, ClaimsPrincipal proved) =>
        new(new ClaimsIdentity(proved.Claims, scheme, ClaimTypes.Name, ClaimTypes.Role));

    /// <summary>Adds what a domain says of the caller.</summary>
    internal static void Add(ClaimsPrincipal principal, string user, IEnumerable<string> groups)
    {
        var identity = (ClaimsIdentity)principal.Identity!;
        identity.AddClaim(new Claim(ClaimTypes.PrimarySid, user));
        identity.AddClaims(groups.Select(group => new Claim(ClaimTypes.GroupSid, group)));
        identity.AddClaim(new Claim(Domain, user[..user.LastIndexOf('-')]));
    }
}
