using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell;

/// <summary>The key that seals secrets inside of messages: whoever reads a message in a log does not read them.</summary>
/// <remarks>
/// MS-PSRP, "PUBLIC_KEY Message", "ENCRYPTED_SESSION_KEY Message": 1. The client sends an RSA key. 2. The service seals an AES key with it
/// (PKCS #1 v1.5, no choice). 3. Both seal with AES-256-CBC. The connection itself must be secure; this protects no connection.
/// </remarks>
internal sealed class SessionKey : IDisposable
{
    private const int RsaBits = 2048;
    private const int AesBytes = 32;

    // PUBLICKEYBLOB, version 2, CALG_RSA_KEYX, "RSA1", 2048 bits, exponent 65537; the modulus follows, least significant byte first.
    private static ReadOnlySpan<byte> PublicHeader => [6, 2, 0, 0, 0, 0xA4, 0, 0, 0x52, 0x53, 0x41, 0x31, 0, 8, 0, 0, 1, 0, 1, 0];

    // SIMPLEBLOB, version 2, CALG_AES_256, CALG_RSA_KEYX; the sealed key follows, least significant byte first.
    private static ReadOnlySpan<byte> SealedHeader => [1, 2, 0, 0, 0x10, 0x66, 0, 0, 0, 0xA4, 0, 0];

    private readonly RSA _rsa;
    private readonly Aes _aes = Aes.Create();

    public SessionKey()
        : this(RSA.Create(RsaBits))
    {
    }

    internal SessionKey(RSA rsa) => _rsa = rsa;

    /// <summary>The service has given its key.</summary>
    public bool IsReady { get; private set; }

    /// <summary>1: what is sent as PublicKey.</summary>
    public string PublicKey()
    {
        var modulus = _rsa.ExportParameters(includePrivateParameters: false).Modulus!;
        Array.Reverse(modulus);
        return Convert.ToBase64String([.. PublicHeader, .. modulus]);
    }

    /// <summary>2: takes what came as EncryptedSessionKey.</summary>
    /// <exception cref="PowerShellProtocolException">It is no such key.</exception>
    public void Accept(string encryptedSessionKey)
    {
        var blob = new byte[SealedHeader.Length + (RsaBits / 8)];
        if (!Convert.TryFromBase64String(encryptedSessionKey, blob, out var length) || length != blob.Length || !blob.AsSpan().StartsWith(SealedHeader))
        {
            throw new PowerShellProtocolException("The session key of the service has an unknown form.");
        }

        try
        {
            var key = blob.AsSpan(SealedHeader.Length);
            key.Reverse();
            var plain = _rsa.Decrypt(key, RSAEncryptionPadding.Pkcs1);
            _aes.Key = plain.Length == AesBytes ? plain : throw new PowerShellProtocolException("The session key of the service has a wrong length.");
            CryptographicOperations.ZeroMemory(plain);
            IsReady = true;
        }
        catch (CryptographicException e)
        {
            throw new PowerShellProtocolException("The session key of the service cannot be opened.", e);
        }
    }

    /// <summary>3: seals a secret. UTF-16; the vector is zero, as the specification has it.</summary>
    public SealedString Seal(ReadOnlySpan<char> secret)
    {
        var bytes = new byte[secret.Length * sizeof(char)];
        for (var i = 0; i < secret.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(char)), secret[i]);
        }

        var sealedBytes = _aes.EncryptCbc(bytes, new byte[16]);
        CryptographicOperations.ZeroMemory(bytes);
        return new SealedString(sealedBytes);
    }

    /// <summary>3: opens a secret.</summary>
    /// <exception cref="PowerShellProtocolException">It was sealed with another key.</exception>
    public string Open(SealedString secret)
    {
        try
        {
            var bytes = _aes.DecryptCbc(secret.Sealed.Span, new byte[16]);
            return new string(MemoryMarshal.Cast<byte, char>(bytes));
        }
        catch (CryptographicException e)
        {
            throw new PowerShellProtocolException("A secret cannot be opened with the key of this session.", e);
        }
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _aes.Dispose();
    }
}
