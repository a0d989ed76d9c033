namespace Farwire.Security.Accounts;

/// <summary>Knows the passwords of users that are not in Farwire's own store: those of the system.</summary>
public interface IPasswordAuthority
{
    /// <summary>The account that <paramref name="name"/> and <paramref name="password"/> prove, or null. Wrong passwords may take seconds, on no thread of the caller's.</summary>
    /// <param name="name">As the client wrote it, without a domain.</param>
    /// <param name="password">The password.</param>
    /// <param name="peer">The client's network address.</param>
    /// <param name="cancellationToken">Ends when the client is gone.</param>
    Task<string?> FindAccountAsync(string name, string password, string peer, CancellationToken cancellationToken);
}
