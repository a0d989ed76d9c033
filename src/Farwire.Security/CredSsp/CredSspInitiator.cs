using System.Security.Cryptography;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;

namespace Farwire.Security.CredSsp;

/// <summary>The client's side of CredSSP.</summary>
/// <remarks>
/// MS-CSSP. The steps: 1. TLS; 2. the legs of the inner handshake; 3. the proof of the key, ours and the service's; 4. only then, and only to services
/// on the list of its mechanism, the password.
/// </remarks>
/// <param name="credential">Whose password is delegated.</param>
/// <param name="host">The service's host.</param>
/// <param name="inner">The inner handshake.</param>
/// <param name="mayDelegate">By the inner mechanism's name: the password may go to this host.</param>
public sealed class CredSspInitiator(NtlmCredential credential, string host, ISecurityContext inner, Func<string, bool> mayDelegate) : ITokenInitiator
{
    private readonly TlsTunnel _tls = TlsTunnel.OfClient(host);
    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(KeyProof.NonceBytes);
    private int _version = TsRequest.NewestVersion;
    private int _leg;
    private bool _keySent;

    /// <inheritdoc/>
    public string Scheme => "CredSSP";

    /// <inheritdoc/>
    public string Step => $"CredSSP, leg {_leg} ({(!_tls.IsEstablished ? "TLS" : !inner.IsComplete ? inner.Mechanism : IsComplete ? "delegation" : "proof of the key")})";

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public IMessageSeal? Seal => IsComplete ? _tls : null;

    /// <inheritdoc/>
    public async ValueTask<string?> StepAsync(string token, CancellationToken cancellationToken)
    {
        _leg++;
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(token);
        }
        catch (FormatException e)
        {
            throw new SecurityTokenException($"The service's answer to {Step} is not base64.", e);
        }

        // 1
        if (!_tls.IsEstablished)
        {
            var records = await _tls.ShakeAsync(bytes).ConfigureAwait(false);
            if (!_tls.IsEstablished)
            {
                return Convert.ToBase64String(records);
            }

            bytes = [];
        }

        // 2 Kerberos may ask its KDC over the network.
        var request = bytes.Length == 0 ? null : TsRequest.Read(_tls.Decrypt(bytes));
        return await Task.Run(() => Next(request), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        inner.Dispose();
        _tls.Dispose();
    }

    private string? Next(TsRequest? request)
    {
        if (request?.ErrorCode is { } error)
        {
            throw new SecurityTokenException($"the service refused with the status 0x{error:X8} at {Step}.");
        }

        if (IsComplete)
        {
            return request is null ? null : throw new SecurityTokenException("The service goes on after the end of CredSSP.");
        }

        _version = Math.Min(_version, request?.Version ?? TsRequest.NewestVersion);
        byte[]? token = null;
        if (!inner.IsComplete)
        {
            token = inner.Step(request is null ? [] : request.Token ?? throw new SecurityTokenException("The service's CredSSP has no token."));
        }

        // 3
        var key = _tls.ServiceCertificate!.GetPublicKey();
        if (inner.IsComplete && !_keySent)
        {
            _keySent = true;
            return Send(new TsRequest
            {
                Version = TsRequest.NewestVersion,
                Token = token,
                PubKeyAuth = Wrap(KeyProof.OfClient(_version, key, _nonce)),
                ClientNonce = _version >= TsRequest.NonceVersion ? _nonce : null,
            });
        }

        if (!_keySent)
        {
            return Send(new TsRequest { Version = TsRequest.NewestVersion, Token = token });
        }

        var proof = request!.PubKeyAuth ?? throw new SecurityTokenException("The service does not prove the key of its TLS.");
        if (!CryptographicOperations.FixedTimeEquals(inner.Seal!.Open(proof, NtlmSeal.SignatureBytes), KeyProof.OfService(_version, key, _nonce)))
        {
            throw new SecurityTokenException("The service's proof of its TLS key is wrong: somebody is in between.");
        }

        // 4
        if (!mayDelegate(inner.Mechanism))
        {
            throw new SecurityTokenException($"WSMAN/{host}, authenticated by {inner.Mechanism}, is not on the list of services that passwords may be delegated to.");
        }

        var plain = new TsCredentials(credential.Domain, credential.User, credential.Password).ToBytes();
        var wrapped = Wrap(plain);
        CryptographicOperations.ZeroMemory(plain);
        IsComplete = true;
        return Send(new TsRequest { Version = TsRequest.NewestVersion, AuthInfo = wrapped });
    }

    private string Send(TsRequest request) => Convert.ToBase64String(_tls.Encrypt(request.ToBytes()));

    private byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        var seal = inner.Seal ?? throw new SecurityTokenException($"{inner.Mechanism} agreed on no sealing.");
        var wrapped = new byte[seal.MaxSealedBytes(plain.Length)];
        return wrapped[..seal.Seal(plain, wrapped).Total];
    }
}
