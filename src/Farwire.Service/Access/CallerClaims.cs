namespace Farwire.Service.Access;

/// <summary>The claims by which authentication tells who a caller is on this machine.</summary>
/// <remarks>Beside these, <c>ClaimTypes.PrimarySid</c> and <c>ClaimTypes.GroupSid</c> carry the SIDs of a domain.</remarks>
public static class CallerClaims
{
    /// <summary>The Unix account that the caller's work runs as; one or none.</summary>
    public const string Account = "farwire/account";

    /// <summary>The number of that account.</summary>
    public const string UserId = "farwire/uid";

    /// <summary>A Unix group that the account is a member of, by name.</summary>
    public const string Group = "farwire/group";

    /// <summary>The number of such a group.</summary>
    public const string GroupId = "farwire/gid";

    /// <summary>Present when the account was proved by the domain, not by this machine alone.</summary>
    public const string Domain = "farwire/domain";
}
