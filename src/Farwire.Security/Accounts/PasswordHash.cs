using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Farwire.Security.Accounts;

/// <summary>A password as it is kept: PBKDF2 with HMAC-SHA-256, a salt of its own and the count of its rounds.</summary>
/// <remarks>RFC 8018, "PBKDF2". The rounds follow OWASP's password storage recommendation.</remarks>
public sealed class PasswordHash
{
    /// <summary>Rounds of new hashes.</summary>
    public const int DefaultIterations = 600_000;

    private const int MaxIterations = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Algorithm = "pbkdf2-sha256";

    // Guessing shows here, and that unknown names cost what known ones do.
    private static readonly Counter<long> Rounds = new Meter("Farwire.Security").CreateCounter<long>(
        "farwire.security.password.rounds", "{round}", "Rounds of PBKDF2 done to compare passwords.");

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>A hash that no password fits: checking against it costs what checking against a real one costs.</summary>
    public static PasswordHash Nobody { get; } =
        new(DefaultIterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Makes a hash of <paramref name="password"/>.</summary>
    public static PasswordHash Of(ReadOnlySpan<char> password, int iterations = DefaultIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations));
    }

    /// <summary>Reads <c>pbkdf2-sha256$iterations$salt$hash</c>.</summary>
    public static bool TryParse(string text, out PasswordHash hash)
    {
        hash = Nobody;
        if (text.Split('$') is not [Algorithm, var rounds, var salt, var value]
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > MaxIterations)
        {
            return false;
        }

        try
        {
            hash = new PasswordHash(iterations, Convert.FromBase64String(salt), Convert.FromBase64String(value));
            return hash._salt.Length >= 8 && hash._hash.Length == HashBytes;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>True when <paramref name="password"/> is the one; takes the same time either way.</summary>
    public bool Fits(ReadOnlySpan<char> password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Algorithm}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(ReadOnlySpan<char> password, byte[] salt, int iterations)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(password)];
        try
        {
            Encoding.UTF8.GetBytes(password, bytes);
            Rounds.Add(iterations);
            return Rfc2898DeriveBytes.Pbkdf2(bytes, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
