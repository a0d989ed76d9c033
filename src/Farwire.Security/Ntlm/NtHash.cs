using System.Security.Cryptography;
using System.Text;

namespace Farwire.Security.Ntlm;

/// <summary>The NT hash of a password. Who has it needs the password no more: it is kept as a password is.</summary>
/// <remarks>MS-NLMP, "NTOWFv1" and "NTOWFv2".</remarks>
public static class NtHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Bytes = Md4.HashBytes;

    /// <summary>The hash of <paramref name="password"/>.</summary>
    public static byte[] Of(ReadOnlySpan<char> password)
    {
        var bytes = new byte[password.Length * 2];
        try
        {
            Encoding.Unicode.GetBytes(password, bytes);
            return Md4.Hash(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The key of one user at one domain. Names count as they were sent, the user's in upper case.</summary>
    internal static byte[] ResponseKey(ReadOnlySpan<byte> ntHash, string user, string domain) =>
        Legacy.HmacMd5(ntHash, Encoding.Unicode.GetBytes(user.ToUpperInvariant() + domain));
}
