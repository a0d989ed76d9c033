using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Farwire.AspNetCore;
using Farwire.Linux.Accounts;
using Farwire.Security;
using Farwire.Service.Access;

namespace Farwire.Hosting.Accounts;

/// <summary>Completes principals by the system's own accounts and groups.</summary>
/// <remarks>What the system said is kept for a minute, as long as a change of membership may take to count.</remarks>
public sealed class LinuxAccounts(TimeProvider time) : IAccountResolver
{
    private const int MaxKept = 1000;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (IReadOnlyList<Claim> Claims, long Asked)> _kept = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<ClaimsPrincipal, Completed> _completed = [];

    /// <summary>The principal of a user number that the kernel told; null when the machine knows no such account.</summary>
    public static ClaimsPrincipal? PrincipalOf(uint uid) =>
        AccountDirectory.Find(uid) is { } account ? SecurityClaims.PrincipalOf(account.Name, account.Name, "Local") : null;

    /// <inheritdoc/>
    public ClaimsPrincipal Complete(ClaimsPrincipal proved)
    {
        if (proved.FindFirst(CallerClaims.Account)?.Value is not { Length: > 0 } account)
        {
            return proved;
        }

        var claims = ClaimsOf(account);
        if (_completed.TryGetValue(proved, out var known) && ReferenceEquals(known.Claims, claims))
        {
            return known.Principal; // the same object: whoever remembers by it goes on remembering
        }

        var principal = new ClaimsPrincipal(proved.Identities.Select(identity => identity.Clone()));
        ((ClaimsIdentity)principal.Identity!).AddClaims(claims);
        _completed.AddOrUpdate(proved, new Completed(principal, claims));
        return principal;
    }

    private IReadOnlyList<Claim> ClaimsOf(string name)
    {
        if (_kept.TryGetValue(name, out var kept) && time.GetElapsedTime(kept.Asked) < Memory)
        {
            return kept.Claims;
        }

        IReadOnlyList<Claim> claims = Ask(name);
        if (kept.Claims is not null && Same(kept.Claims, claims))
        {
            claims = kept.Claims;
        }

        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }

        _kept[name] = (claims, time.GetTimestamp());
        return claims;
    }

    private static List<Claim> Ask(string name)
    {
        if (AccountDirectory.Find(name) is not { } account)
        {
            return [];
        }

        var claims = new List<Claim> { new(CallerClaims.UserId, account.Uid.ToString(CultureInfo.InvariantCulture)) };
        foreach (var group in AccountDirectory.GroupsOf(account))
        {
            claims.Add(new Claim(CallerClaims.Group, group.Name));
            claims.Add(new Claim(CallerClaims.GroupId, group.Gid.ToString(CultureInfo.InvariantCulture)));
        }

        return claims;
    }

    private static bool Same(IReadOnlyList<Claim> left, IReadOnlyList<Claim> right) =>
        left.Select(c => (c.Type, c.Value)).SequenceEqual(right.Select(c => (c.Type, c.Value)));

    private sealed record Completed(ClaimsPrincipal Principal, IReadOnlyList<Claim> Claims);
}
