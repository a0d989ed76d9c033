using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Security.ChannelBinding;

/// <summary>Ties a security context to the TLS connection that carries it, so that nobody in between can pass it on.</summary>
/// <remarks>RFC 5929, "The 'tls-server-end-point' Channel Binding Type"; RFC 2744, "Channel Bindings".</remarks>
public sealed class TlsBinding
{
    private static readonly byte[] Prefix = "tls-server-end-point:"u8.ToArray();

    private readonly byte[] _applicationData;

    private TlsBinding(byte[] applicationData) => _applicationData = applicationData;

    /// <summary>The bytes that Kerberos takes as application data.</summary>
    public ReadOnlySpan<byte> ApplicationData => _applicationData;

    /// <summary>The binding of the service's certificate.</summary>
    public static TlsBinding Of(X509Certificate2 serviceCertificate)
    {
        // The hash is the certificate's own, save that MD5 and SHA-1 count as SHA-256.
        var algorithm = serviceCertificate.SignatureAlgorithm.Value switch
        {
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        return new TlsBinding([.. Prefix, .. serviceCertificate.GetCertHash(algorithm)]);
    }

    /// <summary>The MD5 over the binding structure, as NTLM carries it (MS-NLMP, "AV_PAIR", MsvAvChannelBindings).</summary>
    public byte[] NtlmHash()
    {
        // initiator and acceptor address, four empty fields; then the application data with its length
        var structure = new byte[16 + 4 + _applicationData.Length];
        BinaryPrimitives.WriteInt32LittleEndian(structure.AsSpan(16), _applicationData.Length);
        _applicationData.CopyTo(structure, 20);
        return Legacy.Md5(structure);
    }
}
