namespace Farwire.Linux.Pam;

/// <summary>What PAM says of a name and a password.</summary>
public enum PamVerdict
{
    /// <summary>The password is right and the account may be used.</summary>
    Accepted,

    /// <summary>Unknown name or wrong password; which of them is nobody's business.</summary>
    Refused,

    /// <summary>The password is right, but the account is locked, expired, or wants a new password first.</summary>
    AccountUnusable,

    /// <summary>There is no PAM here, or it could not do its work.</summary>
    Unavailable,
}
