using System.Security.Cryptography;
using System.Text;
using Farwire.Security.Accounts;

namespace Farwire.Security.Digest;

/// <summary>Digest as a service offers it: a proof of the password with each request, by SHA-256 or MD5.</summary>
/// <remarks>
/// RFC 7616, for clients of management controllers; a service of Windows does not offer it. It seals nothing. The steps: 1. the parameters, 2. the target
/// and what was offered, 3. whose nonce it is, 4. the response, 5. the nonce's age and count, which only who knows the password is told of.
/// </remarks>
/// <param name="users">The users; those with a <see cref="StoredUser.DigestSecret"/> can prove themselves.</param>
/// <param name="key">The key that it is sealed under.</param>
/// <param name="guesses">Slows down who guesses.</param>
/// <param name="time">The clock of nonces.</param>
public sealed class DigestScheme(UserStore users, SecretKey key, GuessLimit guesses, TimeProvider time) : IAuthenticationScheme
{
    private const string Method = "POST"; // the service takes no other

    private readonly NonceTable _nonces = new(time);

    // A secret that nobody's password makes: an unknown name costs what a known one does.
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(DigestSecret.Bytes);

    /// <inheritdoc/>
    public string Name => "Digest";

    /// <inheritdoc/>
    public bool IsPerRequest => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> Challenges => ChallengesWith(isStale: false);

    /// <inheritdoc/>
    public ITokenAcceptor Accept(ConnectionFacts connection) => new Acceptor(this, connection);

    private string[] ChallengesWith(bool isStale)
    {
        var nonce = _nonces.Make();
        string[] algorithms = Legacy.IsAllowed ? ["SHA-256", "MD5"] : ["SHA-256"];
        return [.. algorithms.Select(algorithm => $"realm=\"{DigestSecret.Realm}\", qop=\"auth\", algorithm={algorithm}, nonce=\"{nonce}\"{(isStale ? ", stale=true" : "")}")];
    }

    private TokenStep Step(string token, ConnectionFacts connection)
    {
        // 1
        if (DigestParameters.Read(token) is not { } values
            || !values.TryGetValue("username", out var name) || !values.TryGetValue("nonce", out var nonce) || !values.TryGetValue("response", out var response)
            || !values.TryGetValue("nc", out var count) || !values.TryGetValue("cnonce", out var clientNonce) || !values.TryGetValue("uri", out var uri))
        {
            return TokenStep.RefusedFor("A parameter of Digest is missing.");
        }

        // 2
        var algorithm = values.GetValueOrDefault("algorithm", "MD5").ToUpperInvariant();
        if (values.GetValueOrDefault("realm") != DigestSecret.Realm || !values.GetValueOrDefault("qop", "").Equals("auth", StringComparison.OrdinalIgnoreCase)
            || algorithm is not ("SHA-256" or "MD5") || (algorithm == "MD5" && !Legacy.IsAllowed) || uri != connection.Target || response.Length > 64)
        {
            return TokenStep.RefusedFor("The client answers another challenge of Digest, or proves another request.");
        }

        // 3
        if (!_nonces.IsOurs(nonce, out var isOld))
        {
            return TokenStep.RefusedFor("The nonce of Digest is none of ours.");
        }

        if (!guesses.IsOpen(name, connection.Address))
        {
            return TokenStep.RefusedFor("Too many wrong passwords of this name from this address.");
        }

        // 4. The name in its own spelling is part of the secret.
        var user = users.Find(name) is { } found && found.Name == name ? found : null;
        var secret = Array.Empty<byte>();
        var isKnown = user is not null && DigestSecret.TryOpen(key, user, out secret);
        var expected = Answer(algorithm, isKnown ? secret : _nobody, nonce, count, clientNonce, uri);
        CryptographicOperations.ZeroMemory(secret);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(response.ToLowerInvariant())) || !isKnown)
        {
            guesses.Wrong(name, connection.Address);
            return TokenStep.RefusedFor("The password is wrong, or the name is unknown (Digest).");
        }

        // 5
        if (isOld || !_nonces.Count(nonce, count))
        {
            return TokenStep.RefusedAnew(ChallengesWith(isStale: true), "The nonce of Digest is old, or its count came before.");
        }

        guesses.Right(name, connection.Address);
        return TokenStep.Accepted(SecurityClaims.PrincipalOf(user!, Name));
    }

    private static string Answer(string algorithm, ReadOnlySpan<byte> secret, string nonce, string count, string clientNonce, string uri)
    {
        var a1 = Convert.ToHexStringLower(algorithm == "MD5" ? secret[..DigestSecret.Md5Bytes] : secret[DigestSecret.Md5Bytes..]);
        return Hash($"{a1}:{nonce}:{count}:{clientNonce}:auth:{Hash($"{Method}:{uri}")}");

        string Hash(string text) => Convert.ToHexStringLower(algorithm == "MD5" ? Legacy.Md5(Encoding.UTF8.GetBytes(text)) : SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private sealed class Acceptor(DigestScheme scheme, ConnectionFacts connection) : ITokenAcceptor
    {
        public ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken) => ValueTask.FromResult(scheme.Step(token, connection));

        public void Dispose()
        {
        }
    }
}
