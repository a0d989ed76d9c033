using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Hosting.Listeners;

/// <summary>The certificates of listeners: a folder of PEM files, each a certificate with its chain and its key, or with the key beside it as <c>NAME.key</c>.</summary>
/// <param name="folder">The folder; it may be missing.</param>
/// <param name="time">The clock of validity.</param>
public sealed class CertificateStore(string folder, TimeProvider time)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int MaxFiles = 1000;

    private readonly ConditionalWeakTable<X509Certificate2, X509Certificate2Collection> _chains = [];

    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The certificate for a listener, or why there is none.</summary>
    /// <param name="thumbprint">SHA-1 or SHA-256, or empty to choose by name.</param>
    /// <param name="hostName">The name that it must be made for; empty is this machine's.</param>
    /// <param name="missing">Why there is none, and what helps.</param>
    public X509Certificate2? Find(string thumbprint, string hostName, out string missing)
    {
        var name = hostName.Length > 0 ? hostName : Environment.MachineName;
        List<string> passedOver = [];
        X509Certificate2? best = null;
        foreach (var (file, certificate) in Read(passedOver))
        {
            var unfit = Unfit(certificate, thumbprint, name);
            if (unfit is not null)
            {
                passedOver.Add($"{file}: {unfit}");
            }
            else if (best is null || certificate.NotAfter > best.NotAfter)
            {
                best = certificate;
            }
        }

        missing = thumbprint.Length > 0
            ? $"{Folder} has no usable certificate with the thumbprint {thumbprint}{Because(passedOver)}."
            : $"{Folder} has no usable certificate for '{name}'{Because(passedOver)}. Put one there as NAME.pem with its key in NAME.key, or run 'winrm quickconfig -transport:https'.";
        return best;
    }

    private static string Because(List<string> passedOver) => passedOver.Count == 0 ? "" : $" ({string.Join("; ", passedOver.Take(5))})";

    // Why a certificate does not do; null when it does.
    private string? Unfit(X509Certificate2 certificate, string thumbprint, string name)
    {
        if (thumbprint.Length > 0)
        {
            var wanted = thumbprint.Replace(" ", "", StringComparison.Ordinal);
            var own = certificate.GetCertHashString(wanted.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
            if (!own.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return "another thumbprint";
            }
        }
        else if (!IsMadeFor(certificate, name))
        {
            return "made for another name";
        }

        var now = time.GetUtcNow().UtcDateTime;
        return !certificate.HasPrivateKey ? "without its private key"
            : now > certificate.NotAfter.ToUniversalTime() ? $"expired on {certificate.NotAfter:yyyy-MM-dd}"
            : now < certificate.NotBefore.ToUniversalTime() ? $"valid from {certificate.NotBefore:yyyy-MM-dd} only"
            : certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } usage
                && !usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == ServerAuthentication) ? "not for server authentication"
            : null;
    }

    /// <summary>A certificate that was found, with those of its file that lead from it to an authority: clients know the last of them alone.</summary>
    public SslStreamCertificateContext ContextOf(X509Certificate2 certificate) =>
        SslStreamCertificateContext.Create(certificate, _chains.TryGetValue(certificate, out var chain) ? chain : null, offline: true);

    private static X509Certificate2Collection Others(string file, X509Certificate2 certificate)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file);
        return [.. all.Where(one => !one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))];
    }

    // A listener for *.example.com shows a certificate that any host there could show.
    private static bool IsMadeFor(X509Certificate2 certificate, string name) =>
        certificate.MatchesHostname(name.StartsWith("*.", StringComparison.Ordinal) ? "any" + name[1..] : name.Trim('[', ']'), allowWildcards: true, allowCommonName: true);

    private IEnumerable<(string File, X509Certificate2 Certificate)> Read(List<string> passedOver)
    {
        if (!Directory.Exists(Folder))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(Folder, "*.pem").Order(StringComparer.Ordinal).Take(MaxFiles))
        {
            X509Certificate2 certificate;
            try
            {
                var key = Path.ChangeExtension(file, ".key");
                var text = File.ReadAllText(file);
                certificate = File.Exists(key) ? X509Certificate2.CreateFromPem(text, File.ReadAllText(key))
                    : text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? X509Certificate2.CreateFromPem(text, text)
                    : X509Certificate2.CreateFromPem(text);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                passedOver.Add($"{Path.GetFileName(file)}: {e.Message.TrimEnd('.')}");
                continue;
            }

            _chains.AddOrUpdate(certificate, Others(file, certificate));
            yield return (Path.GetFileName(file), certificate);
        }
    }
}
