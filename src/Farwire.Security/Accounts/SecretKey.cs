using System.Security.Cryptography;
using System.Text;

namespace Farwire.Security.Accounts;

/// <summary>The key that what is worth a password is sealed under, in a file of its own.</summary>
/// <remarks>
/// AES-GCM (NIST SP 800-38D). A copy of the user file alone gives no NT hash. The name of the user and the purpose are part of each seal: a sealed
/// value copied to another line does not open.
/// </remarks>
public sealed class SecretKey : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly AesGcm _cipher;

    private SecretKey(ReadOnlySpan<byte> key) => _cipher = new AesGcm(key, TagBytes);

    /// <summary>A key that dies with the process.</summary>
    public static SecretKey Ephemeral()
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        try
        {
            return new SecretKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads the key from <paramref name="path"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no key, or others may read it.</exception>
    public static SecretKey Open(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
        {
            throw new InvalidDataException($"{path} can be read or written by others: 'chmod 600' it.");
        }

        return Take(File.ReadAllBytes(path), path);
    }

    /// <summary>Takes a key that came in another way, and clears <paramref name="key"/>.</summary>
    /// <param name="key">The bytes.</param>
    /// <param name="from">Where they came from, for the message.</param>
    /// <exception cref="InvalidDataException">They are no key.</exception>
    public static SecretKey Take(byte[] key, string from)
    {
        try
        {
            return key.Length == KeyBytes ? new SecretKey(key) : throw new InvalidDataException($"{from} is not a key: it has not {KeyBytes} bytes.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads the key, or makes it with its file, which only its owner may read.</summary>
    public static SecretKey OpenOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var key = RandomNumberGenerator.GetBytes(KeyBytes);
            using var file = new FileStream(path, options);
            file.Write(key);
            CryptographicOperations.ZeroMemory(key);
        }

        return Open(path);
    }

    /// <summary>Seals <paramref name="secret"/> for one user and purpose, as text.</summary>
    public string Seal(string user, string purpose, ReadOnlySpan<byte> secret)
    {
        var sealedSecret = new byte[NonceBytes + secret.Length + TagBytes];
        RandomNumberGenerator.Fill(sealedSecret.AsSpan(0, NonceBytes));
        lock (_cipher)
        {
            _cipher.Encrypt(
                sealedSecret.AsSpan(0, NonceBytes), secret, sealedSecret.AsSpan(NonceBytes, secret.Length), sealedSecret.AsSpan(^TagBytes..), Names(user, purpose));
        }

        return Convert.ToBase64String(sealedSecret);
    }

    /// <summary>Opens what <see cref="Seal"/> made for the same user and purpose.</summary>
    public bool TryOpen(string user, string purpose, string text, out byte[] secret)
    {
        secret = [];
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length < NonceBytes + TagBytes)
        {
            return false;
        }

        var opened = new byte[length - NonceBytes - TagBytes];
        try
        {
            lock (_cipher)
            {
                _cipher.Decrypt(
                    bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, opened.Length), bytes.AsSpan(length - TagBytes, TagBytes), opened, Names(user, purpose));
            }
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        secret = opened;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    private static byte[] Names(string user, string purpose) => Encoding.UTF8.GetBytes($"{user.ToUpperInvariant()}\0{purpose}");
}
