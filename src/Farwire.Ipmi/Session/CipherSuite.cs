using System.Security.Cryptography;

namespace Farwire.Ipmi.Session;

/// <summary>The algorithms of a session.</summary>
/// <remarks>IPMI 2.0, "Cipher Suite IDs". Only suites that authenticate, sign and encrypt are offered: suite 0 lets anybody in.</remarks>
public sealed record CipherSuite
{
    /// <summary>AES-CBC-128, in both.</summary>
    internal const byte Confidentiality = 0x01;

    private CipherSuite(byte id, byte authentication, byte integrity, int codeBytes)
    {
        (Id, Authentication, Integrity, CodeBytes) = (id, authentication, integrity, codeBytes);
    }

    /// <summary>RAKP-HMAC-SHA1, HMAC-SHA1-96, AES-CBC-128: what every RMCP+ controller offers.</summary>
    public static CipherSuite Suite3 { get; } = new(3, 0x01, 0x01, 12);

    /// <summary>RAKP-HMAC-SHA256, HMAC-SHA256-128, AES-CBC-128.</summary>
    public static CipherSuite Suite17 { get; } = new(17, 0x03, 0x04, 16);

    /// <summary>Its number.</summary>
    public byte Id { get; }

    internal byte Authentication { get; }

    internal byte Integrity { get; }

    /// <summary>Bytes of a truncated code: on every packet, and in RAKP 4.</summary>
    internal int CodeBytes { get; }

    internal int HashBytes => this == Suite3 ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes;

    /// <inheritdoc/>
    public override string ToString() => Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // SHA-1 is weak for signatures of documents; HMAC-SHA1 is what the specification demands and is not known to be broken.
    internal void Authenticate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> code)
    {
        if (this == Suite3)
        {
#pragma warning disable CA5350
            HMACSHA1.HashData(key, data, code);
#pragma warning restore CA5350
        }
        else
        {
            HMACSHA256.HashData(key, data, code);
        }
    }
}
