using System.Buffers.Binary;
using System.Security.Claims;
using System.Security.Cryptography;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Sealing;

namespace Farwire.Security.Ntlm;

/// <summary>The client's side of NTLM.</summary>
/// <remarks>MS-NLMP, "Client details". NTLMv2 with MIC and bindings; a service that offers less than 128 bit and key exchange is refused.</remarks>
public sealed class NtlmInitiator : ISecurityContext
{
    private const NtlmFlags Needed = NtlmFlags.Unicode | NtlmFlags.Ntlm | NtlmFlags.ExtendedSessionSecurity
        | NtlmFlags.Sign | NtlmFlags.Seal | NtlmFlags.Key128 | NtlmFlags.KeyExchange;

    private const NtlmFlags Wanted = Needed | NtlmFlags.RequestTarget | NtlmFlags.AlwaysSign | NtlmFlags.TargetInfo | NtlmFlags.Version | NtlmFlags.Key56;

    private readonly NtlmCredential _credential;
    private readonly string _target;
    private readonly TlsBinding? _binding;
    private readonly TimeProvider _time;
    private byte[]? _negotiate;
    private NtlmSeal? _seal;

    /// <summary>Makes a context.</summary>
    /// <param name="credential">Who the client is.</param>
    /// <param name="target">The service's name, such as <c>HTTP/host</c>.</param>
    /// <param name="binding">What ties the context to TLS; null without.</param>
    /// <param name="time">The clock, when the service states no time.</param>
    public NtlmInitiator(NtlmCredential credential, string target, TlsBinding? binding, TimeProvider time) =>
        (_credential, _target, _binding, _time) = (credential, target, binding, time);

    /// <inheritdoc/>
    public string Mechanism => "NTLM";

    /// <inheritdoc/>
    public bool IsComplete => _seal is not null;

    /// <inheritdoc/>
    public ClaimsPrincipal? Principal => null;

    /// <inheritdoc/>
    public IMessageSeal? Seal => _seal;

    /// <inheritdoc/>
    public byte[]? Step(ReadOnlySpan<byte> token)
    {
        if (_negotiate is null)
        {
            return _negotiate = new NegotiateMessage(Wanted).ToBytes();
        }

        return IsComplete ? throw new SecurityTokenException("The service goes on after the end of NTLM.") : Authenticate(token);
    }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message) => _seal!.Sign(message);

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _seal!.Verify(message, signature);

    /// <inheritdoc/>
    public void RestartKeyStreams() => _seal?.RestartKeyStreams();

    /// <inheritdoc/>
    public void Dispose() => _seal?.Dispose();

    private byte[] Authenticate(ReadOnlySpan<byte> token)
    {
        // 1. what the service agreed to
        var challenge = ChallengeMessage.Read(token);
        if ((challenge.Flags & Needed) != Needed)
        {
            throw new SecurityTokenException($"The service's NTLM lacks {Needed & ~challenge.Flags}; without it messages would not be safe.");
        }

        // 2. its attributes, and ours: a MIC follows, this is whom we mean, and this is the TLS beneath
        var attributes = challenge.TargetInfo.IsEmpty ? new AvPairs() : AvPairs.Read(challenge.TargetInfo);
        var stated = attributes[AvId.Timestamp];
        attributes[AvId.Flags] = BitConverter.GetBytes(attributes.Flags | AvPairs.MicPresent);
        attributes[AvId.ChannelBindings] = _binding?.NtlmHash() ?? new byte[16];
        attributes.SetText(AvId.TargetName, _target);

        // 3. the proof: version 1 1, six zeros, time, client's challenge, four zeros, attributes, four zeros
        var list = attributes.ToBytes();
        var client = new byte[NtlmResponse.AttributesAt + list.Length + 4];
        client[0] = client[1] = 1;
        if (stated is { Length: 8 })
        {
            stated.CopyTo(client, 8);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(client.AsSpan(8), _time.GetUtcNow().ToFileTime());
        }

        RandomNumberGenerator.Fill(client.AsSpan(16, 8));
        list.CopyTo(client, NtlmResponse.AttributesAt);
        var hash = NtHash.Of(_credential.Password);
        var responseKey = NtHash.ResponseKey(hash, _credential.User, _credential.Domain);
        CryptographicOperations.ZeroMemory(hash);
        var proof = NtlmResponse.Proof(responseKey, challenge.Challenge, client);

        // 4. the key of the session, under the key of the proof
        var sessionKey = RandomNumberGenerator.GetBytes(16);
        var baseKey = NtlmResponse.BaseKey(responseKey, proof);
        CryptographicOperations.ZeroMemory(responseKey);
        var flags = challenge.Flags & Wanted;
        var message = new AuthenticateMessage
        {
            LmResponse = new byte[24], // never sent in truth: it is weaker
            NtResponse = [.. proof, .. client],
            Domain = _credential.Domain,
            User = _credential.User,
            Workstation = Environment.MachineName,
            EncryptedKey = Rc4.Once(baseKey, sessionKey),
            Flags = flags,
        }.ToBytes();
        CryptographicOperations.ZeroMemory(baseKey);

        // 5. the code over all three
        NtlmResponse.Mic(sessionKey, _negotiate, token, message).CopyTo(message, AuthenticateMessage.MicAt);
        _seal = new NtlmSeal(sessionKey, flags, isClient: true);
        CryptographicOperations.ZeroMemory(sessionKey);
        return message;
    }
}
