using System.Security.Cryptography;
using System.Text;
using Farwire.Security.Accounts;

namespace Farwire.Security.Digest;

/// <summary>What a service keeps of a password for Digest: its hash with name and realm, by MD5 and by SHA-256. In this realm it is worth the password.</summary>
/// <remarks>RFC 7616, "A1". Only for users of a service that speaks Digest; sealed under a <see cref="SecretKey"/>.</remarks>
public static class DigestSecret
{
    /// <summary>The realm of the service; the hashes hold it, so that it cannot change.</summary>
    public const string Realm = "WSMAN";

    internal const int Md5Bytes = 16;
    internal const int Bytes = Md5Bytes + SHA256.HashSizeInBytes;

    private const string Purpose = "digest";

    /// <summary>Seals what <paramref name="user"/>, of exactly this spelling, needs for Digest.</summary>
    public static string Seal(SecretKey key, string user, string password)
    {
        var secret = Of(user, password);
        try
        {
            return key.Seal(user, Purpose, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Opens it again.</summary>
    internal static bool TryOpen(SecretKey key, StoredUser user, out byte[] secret)
    {
        secret = [];
        return user.DigestSecret is { } text && key.TryOpen(user.Name, Purpose, text, out secret) && secret.Length == Bytes;
    }

    // MD5(user:realm:password), SHA-256(user:realm:password)
    private static byte[] Of(string user, string password)
    {
        var text = Encoding.UTF8.GetBytes($"{user}:{Realm}:{password}");
        try
        {
            return [.. Legacy.IsAllowed ? Legacy.Md5(text) : new byte[Md5Bytes], .. SHA256.HashData(text)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
