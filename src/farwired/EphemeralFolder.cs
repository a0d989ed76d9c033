namespace Farwire.Daemon;

/// <summary>The folder of one ephemeral service, held for it alone; empty again, or gone, when it is given back.</summary>
internal sealed class EphemeralFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _made;
    private readonly FileStream _lock;

    private EphemeralFolder(string path, bool made, FileStream @lock) => (_path, _made, _lock) = (path, made, @lock);

    public string ConnectionFile => Path.Combine(_path, "connection.json");

    public string ClientCertificateFile => Path.Combine(_path, "client.pem");

    public string CertificateFile => Path.Combine(_path, "certificate.pem");

    /// <summary>Subscriptions and collected events of this run.</summary>
    public string Collector => Path.Combine(_path, "collector");

    /// <summary>Takes the folder, and makes it when it is not there.</summary>
    /// <exception cref="IOException">It cannot be made, or another service has it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static EphemeralFolder Take(string path)
    {
        path = Path.GetFullPath(path);
        var made = !Directory.Exists(path);
        if (made && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        else
        {
            Directory.CreateDirectory(path);
        }

        var lockFile = Path.Combine(path, "lock");
        try
        {
            // The system lets go of the lock with the process, however that ends: what a killed service left behind stands in nobody's way.
            var held = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            var folder = new EphemeralFolder(path, made, held);
            folder.Clear();
            return folder;
        }
        catch (IOException) when (File.Exists(lockFile))
        {
            throw new IOException($"Another service runs in {path}.");
        }
    }

    public void Dispose()
    {
        Clear();
        _lock.Dispose();
        if (_made && !Directory.EnumerateFileSystemEntries(_path).Any())
        {
            Directory.Delete(_path);
        }
    }

    private void Clear()
    {
        File.Delete(ConnectionFile);
        File.Delete(CertificateFile);
        File.Delete(ClientCertificateFile);
        if (Directory.Exists(Collector))
        {
            Directory.Delete(Collector, recursive: true);
        }
    }
}
