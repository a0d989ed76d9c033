using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Farwire.Security.Digest;

/// <summary>The client's side of Digest: a header for each request, counted under one nonce.</summary>
/// <remarks>RFC 7616, "The Authorization Header Field". For BMCs and services of others: Windows' own does not offer it. It seals nothing.</remarks>
public sealed class DigestClient(string user, string password)
{
    private readonly Lock _lock = new();
    private DigestChallenge? _challenge;
    private int _count;

    /// <summary>A challenge is known: the next request can carry a header.</summary>
    public bool IsReady => _challenge is not null;

    /// <summary>Takes the best of the challenges that a service sent; false when there is none that this client speaks.</summary>
    /// <param name="challenges">The parameters of each <c>WWW-Authenticate: Digest</c>.</param>
    /// <param name="isStale">The last nonce was old; the password was right.</param>
    public bool TryTake(IEnumerable<string> challenges, out bool isStale)
    {
        DigestChallenge? best = null;
        foreach (var text in challenges)
        {
            if (DigestChallenge.TryRead(text, out var challenge) && (best is null || challenge.Algorithm.StartsWith("SHA", StringComparison.Ordinal)))
            {
                best = challenge;
            }
        }

        isStale = best?.IsStale ?? false;
        if (best is null || (best.Algorithm.StartsWith("MD5", StringComparison.Ordinal) && !Legacy.IsAllowed))
        {
            return false;
        }

        lock (_lock)
        {
            (_challenge, _count) = (best, 0);
        }

        return true;
    }

    /// <summary>What stands after <c>Digest</c> in the header of the next request.</summary>
    public string Authorize(string method, string uri)
    {
        DigestChallenge challenge;
        string count;
        lock (_lock)
        {
            challenge = _challenge ?? throw new InvalidOperationException("There is no challenge to answer.");
            count = (++_count).ToString("x8", CultureInfo.InvariantCulture);
        }

        return Answer(challenge, method, uri, count, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    }

    internal string Answer(DigestChallenge challenge, string method, string uri, string count, string clientNonce)
    {
        var sha256 = challenge.Algorithm.StartsWith("SHA-256", StringComparison.Ordinal);
        var secret = Hash($"{user}:{challenge.Realm}:{password}");
        if (challenge.Algorithm.EndsWith("-SESS", StringComparison.Ordinal))
        {
            secret = Hash($"{secret}:{challenge.Nonce}:{clientNonce}");
        }

        var request = Hash($"{method}:{uri}");
        var response = challenge.HasQop
            ? Hash($"{secret}:{challenge.Nonce}:{count}:{clientNonce}:auth:{request}")
            : Hash($"{secret}:{challenge.Nonce}:{request}");
        var header = $"username={DigestParameters.Quote(user)}, realm={DigestParameters.Quote(challenge.Realm)}, nonce={DigestParameters.Quote(challenge.Nonce)}, uri={DigestParameters.Quote(uri)}, "
            + $"algorithm={challenge.Algorithm}, response=\"{response}\"";
        if (challenge.HasQop)
        {
            header += $", qop=auth, nc={count}, cnonce=\"{clientNonce}\"";
        }

        return challenge.Opaque is null ? header : $"{header}, opaque={DigestParameters.Quote(challenge.Opaque)}";

        string Hash(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var hash = sha256 ? SHA256.HashData(bytes) : Legacy.Md5(bytes);
            CryptographicOperations.ZeroMemory(bytes);
            return Convert.ToHexStringLower(hash);
        }
    }
}
