using System.Security.Cryptography;

namespace Farwire.Security.CredSsp;

/// <summary>Ties the inner handshake to the key of the TLS around it: who sits in between has another key.</summary>
/// <remarks>MS-CSSP, "Processing events and sequencing rules", pubKeyAuth: up to version 4 the key itself, and one more in the answer; then hashes.</remarks>
internal static class KeyProof
{
    public const int NonceBytes = 32;

    public static byte[] OfClient(int version, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> nonce) =>
        version >= TsRequest.NonceVersion ? Hash("CredSSP Client-To-Server Binding Hash\0"u8, publicKey, nonce) : publicKey.ToArray();

    public static byte[] OfService(int version, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> nonce)
    {
        if (version >= TsRequest.NonceVersion)
        {
            return Hash("CredSSP Server-To-Client Binding Hash\0"u8, publicKey, nonce);
        }

        var next = publicKey.ToArray();
        next[0]++;
        return next;
    }

    private static byte[] Hash(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> nonce)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(magic);
        hash.AppendData(nonce);
        hash.AppendData(publicKey);
        return hash.GetHashAndReset();
    }
}
