using System.Runtime.CompilerServices;
using System.Security.Claims;
using Farwire.Security.Accounts;

namespace Farwire.Security.Certificates;

/// <summary>The users that mappings name: Farwire's own, and after them the accounts of the machine.</summary>
/// <remarks>
/// MS-WSMV, "CertMapping": the certificate logs on as the user. Where the mapping has a password, it must be the user's: with another password, or
/// locked, the user is nobody, and so is the certificate.
/// </remarks>
/// <param name="users">Farwire's own users.</param>
/// <param name="time">The clock of what is remembered.</param>
/// <param name="accountOf">The account of the machine that a name is, or null; without it mappings name Farwire's own users alone.</param>
/// <param name="system">The passwords of the machine's accounts.</param>
public sealed class MappedUsers(UserStore users, TimeProvider time, Func<string, string?>? accountOf = null, IPasswordAuthority? system = null)
{
    private const string Scheme = "Certificate";

    // A password costs a derivation, or a question to the system; the system does not tell when one changes.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConditionalWeakTable<CertificateMapping, Answer> _answers = [];

    /// <summary>The user of <paramref name="mapping"/>, or null when there is none, or its password is not the one that the mapping has.</summary>
    internal async ValueTask<ClaimsPrincipal?> FindAsync(CertificateMapping mapping, string address, CancellationToken cancellationToken)
    {
        if (_answers.TryGetValue(mapping, out var answer) && answer.Version == users.Version && time.GetElapsedTime(answer.Asked) < Memory)
        {
            return answer.Principal;
        }

        var version = users.Version;
        var principal = await AskAsync(mapping, address, cancellationToken).ConfigureAwait(false);
        _answers.AddOrUpdate(mapping, new Answer(principal, version, time.GetTimestamp()));
        return principal;
    }

    private async ValueTask<ClaimsPrincipal?> AskAsync(CertificateMapping mapping, string address, CancellationToken cancellationToken)
    {
        var name = mapping.UserName[(mapping.UserName.LastIndexOf('\\') + 1)..];
        if (users.Find(name) is { } user)
        {
            return mapping.Password is null || await Task.Run(() => mapping.Password() is { } own && user.Password.Fits(own), cancellationToken).ConfigureAwait(false)
                ? SecurityClaims.PrincipalOf(user, Scheme)
                : null;
        }

        if (accountOf?.Invoke(name) is not { } account)
        {
            return null;
        }

        var isRight = mapping.Password is null
            || (mapping.Password() is { } password && system is not null && await system.FindAccountAsync(name, password, address, cancellationToken).ConfigureAwait(false) == account);
        return isRight ? SecurityClaims.PrincipalOf(account, account, Scheme) : null;
    }

    private sealed record Answer(ClaimsPrincipal? Principal, int Version, long Asked);
}
