using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Farwire.Security.Accounts;

namespace Farwire.Security.Basic;

/// <summary>Name and password with every request, against Farwire's own users and then, where it is given, the system's.</summary>
/// <remarks>
/// RFC 7617, "The 'Basic' Authentication Scheme", in UTF-8. A password once proved is remembered for a while under a keyed hash, for PBKDF2 at each
/// request would cost more than the request; any change of the store forgets all. Safe for all connections at once.
/// </remarks>
public sealed class BasicScheme(UserStore users, TimeProvider time, GuessLimit? guesses = null, IPasswordAuthority? system = null) : IAuthenticationScheme
{
    private const int MaxTokenLength = 4096;
    private const int MaxRemembered = 1000;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    // The system does not tell when a password changes or an account is locked.
    private static readonly TimeSpan MemoryOfSystem = TimeSpan.FromMinutes(1);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, Proof> _proofs = new();
    private readonly GuessLimit _guesses = guesses ?? new GuessLimit(time);

    /// <inheritdoc/>
    public string Name => "Basic";

    /// <inheritdoc/>
    public IReadOnlyList<string> Challenges { get; } = ["realm=\"WSMAN\""];

    /// <inheritdoc/>
    public bool ShowsSecret => true;

    /// <inheritdoc/>
    public bool IsPerRequest => true;

    /// <inheritdoc/>
    public ITokenAcceptor Accept(ConnectionFacts connection) => new Acceptor(this, connection.Address);

    private ValueTask<TokenStep> StepAsync(string token, string peer, CancellationToken cancellationToken)
    {
        if (token.Length > MaxTokenLength)
        {
            return ValueTask.FromResult(TokenStep.Refused);
        }

        // 1. A token proved before, under a key that never leaves this process.
        var mark = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(token)));
        if (_proofs.TryGetValue(mark, out var proof))
        {
            if (proof.Version == users.Version && time.GetElapsedTime(proof.Since) < (proof.IsOfSystem ? MemoryOfSystem : Memory))
            {
                return ValueTask.FromResult(proof.Step);
            }

            _proofs.TryRemove(mark, out _);
        }

        // 2. name ":" password, in base64.
        if (!TryDecode(token, out var name, out var password))
        {
            return ValueTask.FromResult(TokenStep.Refused);
        }

        // 3. Nobody may guess for ever.
        if (!_guesses.IsOpen(name, peer))
        {
            return ValueTask.FromResult(TokenStep.Refused);
        }

        // 4. An unknown name costs what a wrong password costs. PBKDF2 belongs on a thread that may be busy for a while.
        return new ValueTask<TokenStep>(Task.Run(() => CheckAsync(name, password, peer, mark, cancellationToken), cancellationToken));
    }

    private async Task<TokenStep> CheckAsync(string name, string password, string peer, string mark, CancellationToken cancellationToken)
    {
        var user = users.Find(name, out var version);
        var fits = (user?.Password ?? PasswordHash.Nobody).Fits(password);
        var proved = user is not null
            ? fits ? SecurityClaims.PrincipalOf(user, Name) : null
            : system is not null && await system.FindAccountAsync(name, password, peer, cancellationToken).ConfigureAwait(false) is { } account
                ? SecurityClaims.PrincipalOf(account, account, Name)
                : null;
        if (proved is null)
        {
            _guesses.Wrong(name, peer);
            return TokenStep.Refused;
        }

        _guesses.Right(name, peer);
        var step = TokenStep.Accepted(proved);
        if (_proofs.Count >= MaxRemembered)
        {
            _proofs.Clear();
        }

        _proofs[mark] = new Proof(step, version, time.GetTimestamp(), user is null);
        return step;
    }

    private static bool TryDecode(string token, out string name, out string password)
    {
        name = password = "";
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token.Trim(), bytes, out var length))
        {
            return false;
        }

        // The RFC says UTF-8; several clients write Latin-1.
        var text = (Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes.AsSpan(0, length));
        CryptographicOperations.ZeroMemory(bytes);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        name = text[..colon];
        password = text[(colon + 1)..];

        // Windows clients put a machine's or domain's name before the user's; the store knows users only.
        name = name[(name.IndexOf('\\', StringComparison.Ordinal) + 1)..];
        return name.Length > 0;
    }

    private sealed class Acceptor(BasicScheme scheme, string address) : ITokenAcceptor
    {
        public ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken) => scheme.StepAsync(token, address, cancellationToken);

        public void Dispose()
        {
        }
    }

    private sealed record Proof(TokenStep Step, int Version, long Since, bool IsOfSystem);
}
