using System.Security.Claims;
using System.Security.Cryptography;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Sealing;

namespace Farwire.Security.Ntlm;

/// <summary>The service's side of NTLM.</summary>
/// <remarks>
/// MS-NLMP, "Server receives a NEGOTIATE_MESSAGE from the client" and "… an AUTHENTICATE_MESSAGE …". NTLMv2 only. The steps of the last message:
/// 1. version, 2. user, 3. proof, 4. session key, 5. MIC, 6. binding to TLS.
/// </remarks>
internal sealed class NtlmAcceptor(NtlmService service, ConnectionFacts connection) : ISecurityContext
{
    private const NtlmFlags Optional = NtlmFlags.Sign | NtlmFlags.Seal | NtlmFlags.AlwaysSign | NtlmFlags.ExtendedSessionSecurity
        | NtlmFlags.Key128 | NtlmFlags.Key56 | NtlmFlags.KeyExchange;

    private const NtlmFlags Always = NtlmFlags.Ntlm | NtlmFlags.RequestTarget | NtlmFlags.TargetTypeServer | NtlmFlags.TargetInfo | NtlmFlags.Version;

    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(ChallengeMessage.ChallengeBytes);
    private byte[]? _negotiate;
    private byte[]? _challenge;
    private NtlmFlags _offered;
    private NtlmSeal? _seal;
    private bool _failed;

    public string Mechanism => "NTLM";

    public bool IsComplete => Principal is not null;

    public ClaimsPrincipal? Principal { get; private set; }

    public IMessageSeal? Seal => _offered.HasFlag(NtlmFlags.Seal | NtlmFlags.Sign) ? _seal : null;

    public byte[]? Step(ReadOnlySpan<byte> token)
    {
        if (_failed || IsComplete)
        {
            throw new SecurityTokenException("The NTLM handshake is over.");
        }

        _failed = true; // until the step has been good
        byte[]? reply = null;
        if (_challenge is null)
        {
            reply = Challenge(token);
        }
        else
        {
            Authenticate(token);
        }

        _failed = false;
        return reply;
    }

    public byte[] Sign(ReadOnlySpan<byte> message) => Keys.Sign(message);

    public void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Keys.Verify(message, signature);

    public void RestartKeyStreams() => _seal?.RestartKeyStreams();

    public void Dispose() => _seal?.Dispose();

    private NtlmSeal Keys => _seal ?? throw new SecurityTokenException("NTLM agreed on no signatures.");

    private byte[] Challenge(ReadOnlySpan<byte> token)
    {
        var wanted = NegotiateMessage.Read(token).Flags;
        var text = wanted.HasFlag(NtlmFlags.Unicode) || !wanted.HasFlag(NtlmFlags.Oem) ? NtlmFlags.Unicode : NtlmFlags.Oem;
        _offered = (wanted & Optional) | Always | text;
        _negotiate = token.ToArray();
        _challenge = new ChallengeMessage
        {
            Flags = _offered,
            Challenge = _nonce,
            TargetName = service.ComputerName,
            TargetInfo = service.TargetInfo(),
        }.ToBytes();
        return _challenge;
    }

    private void Authenticate(ReadOnlySpan<byte> token)
    {
        // 1. An empty response is anonymous; a short one is NTLMv1, which anyone can break.
        var message = AuthenticateMessage.Read(token);
        var response = message.NtResponse;
        if (response.Length < NtlmResponse.ProofBytes + NtlmResponse.AttributesAt)
        {
            throw new SecurityTokenException(response.Length == 0 ? "Anonymous NTLM is refused." : "NTLMv1 is refused; the client must send NTLMv2.");
        }

        // 2. An unknown user goes all the way too, so that time tells nothing.
        if (!service.MayTry(message.User, connection.Address))
        {
            throw new SecurityTokenException("Too many wrong passwords; NTLM for this user and address is closed for a while.");
        }

        var user = service.Find(message.User, out var hash);
        var responseKey = NtHash.ResponseKey(hash, message.User, message.Domain);
        CryptographicOperations.ZeroMemory(hash);

        // 3
        var proof = NtlmResponse.Proof(responseKey, _nonce, response[NtlmResponse.ProofBytes..]);
        var right = CryptographicOperations.FixedTimeEquals(proof, response[..NtlmResponse.ProofBytes]) && user is not null;
        service.Tried(message.User, connection.Address, right);
        var baseKey = NtlmResponse.BaseKey(responseKey, proof);
        CryptographicOperations.ZeroMemory(responseKey);
        if (!right)
        {
            throw new SecurityTokenException("The NTLM user or password is wrong.");
        }

        // 4
        _offered &= message.Flags | ~Optional;
        var sessionKey = baseKey;
        if (_offered.HasFlag(NtlmFlags.KeyExchange))
        {
            sessionKey = message.EncryptedKey.Length == 16
                ? Rc4.Once(baseKey, message.EncryptedKey)
                : throw new SecurityTokenException("The NTLM session key has not 16 bytes.");
            CryptographicOperations.ZeroMemory(baseKey);
        }

        // 5. The attributes are under the proof: nobody in between can take the flag away.
        var attributes = AvPairs.Read(response[(NtlmResponse.ProofBytes + NtlmResponse.AttributesAt)..]);
        if ((attributes.Flags & AvPairs.MicPresent) != 0 && !HasMic(token, sessionKey))
        {
            throw new SecurityTokenException("The NTLM messages were changed on the way.");
        }

        // 6
        CheckBinding(attributes[AvId.ChannelBindings]);

        if (_offered.HasFlag(NtlmFlags.ExtendedSessionSecurity) && _offered.HasFlag(NtlmFlags.Sign))
        {
            _seal = new NtlmSeal(sessionKey, _offered, isClient: false);
        }

        CryptographicOperations.ZeroMemory(sessionKey);
        Principal = SecurityClaims.PrincipalOf(user!, Mechanism);
    }

    private bool HasMic(ReadOnlySpan<byte> token, byte[] sessionKey) =>
        token.Length >= AuthenticateMessage.MicAt + AuthenticateMessage.MicBytes
        && CryptographicOperations.FixedTimeEquals(
            NtlmResponse.Mic(sessionKey, _negotiate, _challenge, token), token.Slice(AuthenticateMessage.MicAt, AuthenticateMessage.MicBytes));

    private void CheckBinding(byte[]? sent)
    {
        if (service.BindingLevel == BindingLevel.None || connection.Binding is not { } binding)
        {
            return;
        }

        if (sent is null || sent.AsSpan().IndexOfAnyExcept((byte)0) < 0)
        {
            if (service.BindingLevel == BindingLevel.Strict)
            {
                throw new SecurityTokenException("The client did not bind NTLM to TLS (CbtHardeningLevel is Strict).");
            }
        }
        else if (!CryptographicOperations.FixedTimeEquals(sent, binding.NtlmHash()))
        {
            throw new SecurityTokenException("NTLM is bound to another TLS connection: somebody is in between, or a proxy ends TLS.");
        }
    }
}
