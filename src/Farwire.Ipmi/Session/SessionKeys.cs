using System.Security.Cryptography;

namespace Farwire.Ipmi.Session;

/// <summary>What seals the datagrams of a session.</summary>
/// <remarks>IPMI 2.0, "Generating Additional Keying Material": K1 signs, K2 encrypts.</remarks>
internal sealed class SessionKeys : IDisposable
{
    // The constants have 20 bytes with SHA-256 too; that is how controllers compute them.
    private const int ConstantBytes = 20;
    private const int CipherKeyBytes = 16;

    private readonly CipherSuite _suite;
    private readonly byte[] _k1;

    public SessionKeys(CipherSuite suite, ReadOnlySpan<byte> sessionIntegrityKey)
    {
        _suite = suite;
        _k1 = new byte[suite.HashBytes];
        Derive(suite, sessionIntegrityKey, 0x01, _k1);
        var k2 = new byte[suite.HashBytes];
        Derive(suite, sessionIntegrityKey, 0x02, k2);
        Cipher = Aes.Create();
        Cipher.Key = k2[..CipherKeyBytes];
        CryptographicOperations.ZeroMemory(k2);
    }

    public Aes Cipher { get; }

    public int CodeBytes => _suite.CodeBytes;

    public void Sign(ReadOnlySpan<byte> data, Span<byte> code)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        whole = whole[.._suite.HashBytes];
        _suite.Authenticate(_k1, data, whole);
        whole[..CodeBytes].CopyTo(code);
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> code)
    {
        Span<byte> own = stackalloc byte[CodeBytes];
        Sign(data, own);
        return CryptographicOperations.FixedTimeEquals(own, code);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_k1);
        Cipher.Dispose();
    }

    private static void Derive(CipherSuite suite, ReadOnlySpan<byte> key, byte constant, Span<byte> derived)
    {
        Span<byte> constants = stackalloc byte[ConstantBytes];
        constants.Fill(constant);
        suite.Authenticate(key, constants, derived);
    }
}
