using System.Security.Cryptography;

namespace Farwire.Security.Ntlm;

/// <summary>The proof of NTLMv2 and the keys that come of it.</summary>
/// <remarks>MS-NLMP, "NTLM v2 authentication" and "KXKEY".</remarks>
internal static class NtlmResponse
{
    public const int ProofBytes = 16;

    /// <summary>Where the attributes begin behind the proof: version, reserved, time, client's challenge, reserved.</summary>
    public const int AttributesAt = 28;

    /// <summary>The proof over the service's challenge and what the client has to say.</summary>
    public static byte[] Proof(ReadOnlySpan<byte> responseKey, ReadOnlySpan<byte> serviceChallenge, ReadOnlySpan<byte> clientPart)
    {
        var joined = new byte[serviceChallenge.Length + clientPart.Length];
        serviceChallenge.CopyTo(joined);
        clientPart.CopyTo(joined.AsSpan(serviceChallenge.Length));
        return Legacy.HmacMd5(responseKey, joined);
    }

    /// <summary>The key that the exchanged key is hidden under, or that is itself the session's.</summary>
    public static byte[] BaseKey(ReadOnlySpan<byte> responseKey, ReadOnlySpan<byte> proof) => Legacy.HmacMd5(responseKey, proof);

    /// <summary>The code over all three messages, with its own place in the third zero.</summary>
    public static byte[] Mic(ReadOnlySpan<byte> sessionKey, ReadOnlySpan<byte> negotiate, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> authenticate)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, sessionKey);
        hmac.AppendData(negotiate);
        hmac.AppendData(challenge);
        hmac.AppendData(authenticate[..AuthenticateMessage.MicAt]);
        hmac.AppendData(new byte[AuthenticateMessage.MicBytes]);
        hmac.AppendData(authenticate[(AuthenticateMessage.MicAt + AuthenticateMessage.MicBytes)..]);
        return hmac.GetHashAndReset();
    }
}
