using System.Net.Security;
using System.Security.Cryptography;
using Farwire.Security.Kerberos;

namespace Farwire.Security.CredSsp;

/// <summary>The service's side of CredSSP.</summary>
/// <remarks>
/// MS-CSSP, "Processing events and sequencing rules". The steps: 1. TLS, its records as tokens; 2. inside it the legs of SPNEGO or NTLM; 3. the client
/// proves under that handshake which key the TLS has, and we prove it back; 4. the client delegates its password, which is checked, and gets it tickets
/// where there is a realm.
/// </remarks>
/// <param name="scheme">What the service offers.</param>
/// <param name="connection">The connection.</param>
/// <param name="certificate">The certificate of the TLS inside.</param>
internal sealed class CredSspAcceptor(CredSspScheme scheme, ConnectionFacts connection, SslStreamCertificateContext certificate) : ITokenAcceptor
{
    private const uint LogonFailure = 0xC000006D; // STATUS_LOGON_FAILURE
    private const int ErrorCodeVersion = 3;

    private readonly TlsTunnel _tls = TlsTunnel.OfService(certificate);
    private ISecurityContext? _inner;
    private int _version = TsRequest.NewestVersion;
    private bool _keyProved;
    private DelegatedTickets? _tickets;

    public async ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = Convert.FromBase64String(token);
            if (!_tls.IsEstablished)
            {
                return TokenStep.Continue(Convert.ToBase64String(await _tls.ShakeAsync(bytes).ConfigureAwait(false))); // 1
            }

            var request = TsRequest.Read(_tls.Decrypt(bytes));
            return request.AuthInfo is { } info && request.PubKeyAuth is null ? await FinishAsync(info, cancellationToken).ConfigureAwait(false) : Take(request);
        }
        catch (FormatException)
        {
            return TokenStep.Refused;
        }
        catch (SecurityTokenException e)
        {
            return Refuse(e.Message);
        }
    }

    public void Dispose()
    {
        _tickets?.Dispose();
        _inner?.Dispose();
        _tls.Dispose();
    }

    private TokenStep Take(TsRequest request)
    {
        _version = Math.Min(request.Version, TsRequest.NewestVersion);
        byte[]? reply = null;

        // 2
        if (request.Token is { } token && _inner is not { IsComplete: true })
        {
            _inner ??= scheme.Begin(token, connection) ?? throw new SecurityTokenException("CredSSP brings no mechanism that this service has.");
            reply = _inner.Step(token);
        }

        // 3
        if (request.PubKeyAuth is { } proof)
        {
            var key = certificate.TargetCertificate.GetPublicKey();
            var nonce = request.ClientNonce ?? [];
            if (_version >= TsRequest.NonceVersion && nonce.Length != KeyProof.NonceBytes)
            {
                throw new SecurityTokenException("CredSSP brings no nonce.");
            }

            if (!CryptographicOperations.FixedTimeEquals(Open(proof), KeyProof.OfClient(_version, key, nonce)))
            {
                throw new SecurityTokenException("The client's CredSSP is bound to another TLS: somebody is in between.");
            }

            _keyProved = true;
            return Continue(new TsRequest { Version = TsRequest.NewestVersion, Token = reply, PubKeyAuth = Wrap(KeyProof.OfService(_version, key, nonce)) });
        }

        return reply is null ? TokenStep.Refused : Continue(new TsRequest { Version = TsRequest.NewestVersion, Token = reply });
    }

    // 4
    private async ValueTask<TokenStep> FinishAsync(byte[] info, CancellationToken cancellationToken)
    {
        if (!_keyProved)
        {
            throw new SecurityTokenException("CredSSP delegates before its proof of the key.");
        }

        var proved = _inner!.Principal!;
        var credentials = Read(info);
        if (!scheme.Fits(proved, credentials))
        {
            throw new SecurityTokenException("CredSSP delegates another user, or another password, than the one that was proved.");
        }

        // The realm's key distribution centre is asked over the network.
        _tickets = await Task.Run(() => scheme.TicketsFor(proved, credentials), cancellationToken).ConfigureAwait(false);
        return TokenStep.Accepted(SecurityClaims.Under(scheme.Name, proved), reply: null, _tls, _tickets);
    }

    private TsCredentials Read(byte[] info)
    {
        var plain = Open(info);
        try
        {
            return TsCredentials.Read(plain.ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private Span<byte> Open(byte[] wrapped) => Seal.Open(wrapped, Ntlm.NtlmSeal.SignatureBytes);

    private byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        var wrapped = new byte[Seal.MaxSealedBytes(plain.Length)];
        return wrapped[..Seal.Seal(plain, wrapped).Total];
    }

    private Sealing.IMessageSeal Seal => _inner is { IsComplete: true, Seal: { } seal } ? seal : throw new SecurityTokenException("CredSSP's inner handshake is not done, or seals nothing.");

    private TokenStep Continue(TsRequest request) => TokenStep.Continue(Convert.ToBase64String(_tls.Encrypt(request.ToBytes())));

    private TokenStep Refuse(string reason) => _tls.IsEstablished && _version >= ErrorCodeVersion
        ? TokenStep.RefusedWith(Convert.ToBase64String(_tls.Encrypt(new TsRequest { Version = TsRequest.NewestVersion, ErrorCode = LogonFailure }.ToBytes())), reason)
        : TokenStep.RefusedFor(reason);
}
