namespace Farwire.Security.Ntlm;

/// <summary>A user as NTLM names him.</summary>
public sealed record NtlmCredential(string Domain, string User, string Password)
{
    /// <summary>Splits <c>DOMAIN\user</c>; <c>user@realm</c> stays whole, with an empty domain.</summary>
    public static NtlmCredential Of(string user, string password) =>
        user.IndexOf('\\', StringComparison.Ordinal) is >= 0 and var at
            ? new NtlmCredential(user[..at], user[(at + 1)..], password)
            : new NtlmCredential("", user, password);

    /// <inheritdoc/>
    public override string ToString() => Domain.Length > 0 ? $"{Domain}\\{User}" : User; // never the password
}
