using System.Text;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary>The certificates of services that were trusted at first sight: <c>host:port SHA256</c>, a line each, in the user's own file.</summary>
/// <remarks>As ssh does: asked for, the first certificate is written down, and from then on it is the only one.</remarks>
internal sealed class KnownHosts(string path)
{
    private const int MaxBytes = 1024 * 1024;

    public string Path { get; } = path;

    public static KnownHosts Of(Terminal terminal) => new(System.IO.Path.Combine(ClientSettings.Folder(terminal), "known_hosts"));

    /// <summary>The certificate written down for <paramref name="address"/>, or null.</summary>
    /// <exception cref="UsageException">The file cannot be read, or others may write it.</exception>
    public string? Find(Uri address)
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        using var file = Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Find(file, address);
    }

    /// <summary>Writes the certificate down, if none is; true when it is now the one.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public bool Keep(Uri address, string certificateSha256)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (Find(file, address) is { } known)
        {
            return known.Equals(certificateSha256, StringComparison.OrdinalIgnoreCase);
        }

        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes($"{Name(address)} {certificateSha256}\n"));
        return true;
    }

    private static string Name(Uri address) => $"{address.Host.ToLowerInvariant()}:{address.Port}";

    private string? Find(FileStream file, Uri address)
    {
        if (file.Length > MaxBytes)
        {
            throw new UsageException($"{Path} is larger than {MaxBytes} bytes.");
        }

        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var pin] && name.Equals(Name(address), StringComparison.OrdinalIgnoreCase))
            {
                return pin;
            }
        }

        return null;
    }

    private FileStream Open(FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
            if (!OperatingSystem.IsWindows())
            {
                if (mode == FileMode.OpenOrCreate)
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                // Whoever may write here says whom we trust.
                if (File.Exists(Path) && (File.GetUnixFileMode(Path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
                {
                    throw new UsageException($"{Path} can be written by others: 'chmod 600' it, and look at what it says.");
                }
            }

            return new FileStream(Path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{Path}: {e.Message}");
        }
    }
}
