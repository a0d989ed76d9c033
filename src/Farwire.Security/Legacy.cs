using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Farwire.Security;

/// <summary>The broken hashes that old protocols are made of, in one place so that no other code comes near them.</summary>
[SuppressMessage("Security", "CA5351", Justification = "NTLM and Digest are defined over MD5.")]
internal static class Legacy
{
    /// <summary>False where the machine's policy forbids MD5, as FIPS mode does: then neither NTLM nor Digest can be had.</summary>
    public static bool IsAllowed { get; } = Probe();

    public static byte[] Md5(ReadOnlySpan<byte> data) => MD5.HashData(data);

    public static byte[] HmacMd5(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) => HMACMD5.HashData(key, data);

    public static void HmacMd5(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) => HMACMD5.HashData(key, data, hash);

    private static bool Probe()
    {
        try
        {
            Md5([]);
            HmacMd5([1], []);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
