using System.Net;
using System.Security.Claims;
using Farwire.Events.Subscriptions;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;

namespace Farwire.Collector.Access;

/// <summary>Decides whether a source may have a subscription and deliver for it.</summary>
/// <remarks>
/// Windows Event Collector, "Setting up a source initiated subscription". The steps: 1. denied subjects, before all else; 2. the network; 3. a
/// certificate by its issuer and its names; 4. principals by name; 5. the security descriptor. What none of them allows is refused.
/// </remarks>
internal static class SourceRules
{
    /// <summary>Null when the source may; else why not.</summary>
    /// <param name="subscription">What it wants.</param>
    /// <param name="caller">The source.</param>
    /// <param name="access">What the groups of descriptors are here.</param>
    /// <param name="hasNameOnly">A rule of names let the source in, for its ticket says nothing of groups.</param>
    public static string? Refusal(SubscriptionDefinition subscription, Caller caller, AccessPolicy access, out bool hasNameOnly)
    {
        hasNameOnly = false;
        if (!caller.IsAuthenticated)
        {
            return "it is not authenticated";
        }

        var names = caller.Principal.FindAll(ClaimTypes.Dns).Select(claim => claim.Value).ToList();
        if (names.Find(name => Glob.MatchesAny(subscription.DeniedSubjects, name)) is { } denied) // 1
        {
            return $"'{denied}' is among its denied subjects";
        }

        if (NetworkRefusal(subscription, caller) is { } outside) // 2
        {
            return outside;
        }

        if (caller.Principal.FindFirst(SourceClaims.IssuerThumbprint)?.Value is { } issuer
            && subscription.AllowedIssuerCAs.Any(allowed => Plain(allowed).Equals(Plain(issuer), StringComparison.OrdinalIgnoreCase))
            && names.Exists(name => Glob.MatchesAny(subscription.AllowedSubjects, name))) // 3
        {
            return null;
        }

        if (Glob.MatchesAny(subscription.AllowedPrincipals, caller.Name)) // 4
        {
            hasNameOnly = caller.Principal.Identity!.AuthenticationType == "Kerberos" && !caller.Principal.HasClaim(claim => claim.Type == ClaimTypes.PrimarySid);
            return null;
        }

        if (subscription.EffectiveSourceSddl is { } sddl) // 5
        {
            try
            {
                if (SecurityDescriptor.Parse(sddl).Grants(access.TokenOf(caller), AccessMask.GenericAll, GenericMapping.Resources))
                {
                    return null;
                }
            }
            catch (SddlException e)
            {
                return $"its AllowedSourceDomainComputers cannot be read: {e.Message}";
            }
        }

        return $"none of its rules allows '{caller.Name}'";
    }

    /// <summary>Null when the source comes from where it may.</summary>
    public static string? NetworkRefusal(SubscriptionDefinition subscription, Caller caller) =>
        subscription.AllowedAddresses.Count > 0 && !IsIn(subscription.AllowedAddresses, caller.Address) ? $"'{caller.Address}' is in none of its networks" : null;

    // Thumbprints are copied from dialogs, blanks and all.
    private static string Plain(string thumbprint) => thumbprint.Replace(" ", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);

    private static bool IsIn(IReadOnlyList<string> networks, string address)
    {
        if (!IPAddress.TryParse(address, out var ip))
        {
            return false;
        }

        ip = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        return networks.Any(network => IPNetwork.TryParse(network, out var net) ? net.Contains(ip) : IPAddress.TryParse(network, out var one) && one.Equals(ip));
    }
}
