using System.Globalization;
using System.Security.Claims;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Access;

/// <summary>All that a caller is, as security identifiers: what a descriptor's entries are compared with.</summary>
/// <remarks>MS-DTYP, "Token".</remarks>
public sealed class CallerToken
{
    private readonly HashSet<Sid> _sids;
    private readonly Sid? _domain;

    private CallerToken(HashSet<Sid> sids, Sid? domain)
    {
        _sids = sids;
        _domain = domain;
    }

    /// <summary>The identifiers.</summary>
    public IReadOnlyCollection<Sid> Sids => _sids;

    /// <summary>The caller may administer the service.</summary>
    public bool IsAdministrator => _sids.Contains(Sid.Administrators);

    /// <summary>Works out the token of <paramref name="caller"/>.</summary>
    public static CallerToken Of(Caller caller, AccessPolicy policy)
    {
        var principal = caller.Principal;
        var sids = new HashSet<Sid> { Sid.Everyone, caller.Address.Length > 0 ? Sid.Network : Sid.Interactive };
        if (!caller.IsAuthenticated)
        {
            sids.Add(Sid.Anonymous);
            return new CallerToken(sids, policy.Domain);
        }

        sids.Add(Sid.Authenticated);
        foreach (var claim in principal.Claims)
        {
            if ((claim.Type is ClaimTypes.PrimarySid or ClaimTypes.GroupSid && Sid.TryParse(claim.Value, out var sid))
                || (claim.Type is CallerClaims.UserId && Number(claim) is { } uid && Is(sid = Sid.OfUser(uid)))
                || (claim.Type is CallerClaims.GroupId && Number(claim) is { } gid && Is(sid = Sid.OfGroup(gid))))
            {
                sids.Add(sid);
            }
        }

        var account = principal.FindFirst(CallerClaims.Account)?.Value ?? "";
        var groups = principal.FindAll(CallerClaims.Group).Select(c => c.Value).ToList();
        foreach (var known in policy.Groups.Where(g => g.Includes(account, groups)))
        {
            sids.Add(known.Sid);
        }

        // Filtered token: over the network, a local account is no administrator by its groups alone. Root and the service's own account,
        // which need no group for it, stay what they are. Nor does a domain's ticket make one unless a mapping says so above.
        var isLocal = !principal.HasClaim(c => c.Type == CallerClaims.Domain);
        if (policy.FilterLocalAccounts && isLocal && caller.Address.Length > 0 && !policy.IsAdministratorByName(account))
        {
            sids.Remove(Sid.Administrators);
        }

        return new CallerToken(sids, policy.Domain);

        static bool Is(Sid _) => true;
        static uint? Number(Claim claim) => uint.TryParse(claim.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>True when the caller is, or belongs to, <paramref name="trustee"/>.</summary>
    public bool Has(Trustee trustee) => trustee.In(_domain) is { } sid && _sids.Contains(sid);

    /// <summary>True when the caller is, or belongs to, <paramref name="sid"/>.</summary>
    public bool Has(Sid sid) => _sids.Contains(sid);
}
