using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Authentication;

/// <summary>Who may have signed client certificates: a folder of PEM files. Without the folder, or with none in it, whom the system trusts.</summary>
internal sealed class ClientAuthorities(string? folder, ILogger log)
{
    private const int MaxFiles = 1000;

    private volatile X509Certificate2Collection? _current;

    /// <summary>The authorities; null is whom the system trusts.</summary>
    public X509Certificate2Collection? Current => _current;

    /// <summary>Reads the folder again.</summary>
    public void Read()
    {
        var authorities = new X509Certificate2Collection();
        var isThere = folder is not null && Directory.Exists(folder);
        foreach (var file in isThere ? Directory.EnumerateFiles(folder!, "*.pem").Order(StringComparer.Ordinal).Take(MaxFiles) : [])
        {
            try
            {
                authorities.ImportFromPemFile(file);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                Log.AuthorityNotRead(log, file, e.Message);
            }
        }

        // A folder whose files cannot be read trusts nobody: it was made to trust fewer than the system does.
        _current = authorities.Count > 0 || (isThere && Directory.EnumerateFiles(folder!, "*.pem").Any()) ? authorities : null;
    }
}
