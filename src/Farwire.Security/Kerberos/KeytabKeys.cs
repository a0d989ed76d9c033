namespace Farwire.Security.Kerberos;

/// <summary>The keys of a keytab, taken anew when its file is another: who changes keys restarts nothing.</summary>
/// <param name="keytab">The file; null is the system's.</param>
internal sealed class KeytabKeys(string? keytab) : IDisposable
{
    private readonly string _file = FileOf(keytab ?? Environment.GetEnvironmentVariable("KRB5_KTNAME") ?? "/etc/krb5.keytab");
    private readonly Lock _lock = new();
    private GssCredential? _credential;
    private (DateTime Written, DateTime Made, long Length) _state;

    /// <summary>The keys that a new handshake gets.</summary>
    /// <exception cref="SecurityTokenException">There are none.</exception>
    public GssCredential Current
    {
        get
        {
            lock (_lock)
            {
                var state = StateOf(new FileInfo(_file));
                if (_credential is null || state != _state)
                {
                    // Handshakes under way keep the keys that they began with, which go with the last of them.
                    _credential = null;
                    _credential = GssCredential.OfKeytab(keytab);
                    _state = state;
                }

                return _credential;
            }
        }
    }

    public void Dispose() => _credential?.Dispose();

    // MIT Kerberos, "keytab": FILE is the kind that goes without saying. What is of another kind has no file that could change.
    private static string FileOf(string name) =>
        name.StartsWith("FILE:", StringComparison.Ordinal) ? name[5..] : name.StartsWith("WRFILE:", StringComparison.Ordinal) ? name[7..] : name;

    private static (DateTime Written, DateTime Made, long Length) StateOf(FileInfo file) =>
        file.Exists ? (file.LastWriteTimeUtc, file.CreationTimeUtc, file.Length) : default;
}
