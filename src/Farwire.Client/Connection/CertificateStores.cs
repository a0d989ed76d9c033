using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Client.Connection;

/// <summary>The client's certificates in the stores of this system: the machine's, then the user's.</summary>
/// <remarks>On Linux the user's store is the folder <c>~/.dotnet/corefx/cryptography/x509stores/my</c>; a machine's store there is none.</remarks>
public static class CertificateStores
{
    /// <summary>The certificate with the SHA-1 <paramref name="thumbprint"/>, in which blanks may stand; null when there is none.</summary>
    public static X509Certificate2? Find(string thumbprint)
    {
        foreach (var location in (StoreLocation[])[StoreLocation.LocalMachine, StoreLocation.CurrentUser])
        {
            try
            {
                using var store = new X509Store(StoreName.My, location, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
                if (store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint.Replace(" ", "", StringComparison.Ordinal), validOnly: false) is [var found, ..])
                {
                    return found;
                }
            }
            catch (CryptographicException)
            {
                // This system has no such store; the other may be there.
            }
        }

        return null;
    }
}
