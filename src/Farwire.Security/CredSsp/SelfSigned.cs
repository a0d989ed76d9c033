using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Security.CredSsp;

/// <summary>The certificate of a service that has none for CredSSP: made in memory, it encrypts and proves nothing.</summary>
/// <remarks>The WinRM documentation, "CertificateThumbprint". RSA, for some clients of CredSSP know no other key.</remarks>
internal static class SelfSigned
{
    public static X509Certificate2 Make(TimeProvider time)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=" + Environment.MachineName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }
}
