using System.Security.Cryptography;

namespace Farwire.Client.Files;

/// <summary>A folder of this machine that is written: each file under a name of its own until it is whole and proved.</summary>
/// <param name="root">Where it is.</param>
/// <param name="theirName">What the other side calls the file or folder that is copied.</param>
/// <param name="ourName">What it is called here.</param>
/// <remarks>What the other side calls its files is a stranger's text: no name leads out of the folder, and none through a link that came with the copy.</remarks>
internal sealed class LocalFolder(string root, string theirName, string ourName)
{
    /// <summary>A name for a file that is not whole yet, another for each copy.</summary>
    public string NewPart(FileEntry file) => Beside(FullPath(file.Path), NewPartSuffix(file));

    /// <summary>Opens what an earlier copy of this source has left and no other works on, or a new one.</summary>
    /// <remarks>Nobody writes to a part that is whole: it may be given its name at this moment.</remarks>
    public FileStream OpenPart(FileEntry file, bool resume)
    {
        foreach (var part in resume ? Left(file) : [])
        {
            try
            {
                return OpenAlone(part, FileMode.Open);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another copy works on it or has just ended, or it is somebody else's: this copy makes its own.
            }
        }

        return OpenAlone(NewPart(file), FileMode.CreateNew);
    }

    /// <summary>Where a path below the root is.</summary>
    /// <exception cref="FileTransferException">It leads out of the root.</exception>
    public string FullPath(string path)
    {
        var parts = path.Split('/');
        if (parts[0] != theirName || !parts.All(p => p.Length > 0 && p is not ("." or "..") && p.IndexOfAny(['\0', Path.DirectorySeparatorChar]) < 0))
        {
            throw new FileTransferException(path, "the other side names a file that would lie outside of the target.");
        }

        parts[0] = ourName;
        return Path.Combine([root, .. parts]);
    }

    /// <summary>Makes the folders of a listing. A file belongs into one of them: what is listed below a link would be written elsewhere.</summary>
    public void MakeFolders(IReadOnlyList<FileEntry> listed)
    {
        Directory.CreateDirectory(root);
        var folders = listed.Where(e => e.Kind == FileKind.Folder).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in listed)
        {
            if (entry.Path.LastIndexOf('/') is > 0 and var end && !folders.Contains(entry.Path[..end]))
            {
                throw new FileTransferException(entry.Path, "the other side lists it in a folder that is none.");
            }

            if (entry.Kind == FileKind.Folder)
            {
                Directory.CreateDirectory(FullPath(entry.Path));
            }
        }
    }

    /// <summary>The end of a name that no other copy uses, not even one of the same source.</summary>
    public static string NewPartSuffix(FileEntry file) => $"{PartSuffix(file)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>What tells the parts of one source from those of another.</summary>
    public static string PartSuffix(FileEntry file)
    {
        Span<byte> identity = stackalloc byte[16];
        BitConverter.TryWriteBytes(identity, file.Length);
        BitConverter.TryWriteBytes(identity[8..], file.Modified.UtcTicks);
        return ".farwire-" + Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 6));
    }

    /// <summary>A hidden name beside <paramref name="path"/>; long names are cut, so that it is a name still.</summary>
    public static string Beside(string path, string suffix)
    {
        const int maxName = 200; // bytes; file systems take 255, with the suffix
        var folder = Path.GetDirectoryName(path) ?? "";
        var name = Path.GetFileName(path);
        while (System.Text.Encoding.UTF8.GetByteCount(name) > maxName)
        {
            name = name[..^Math.Max(1, (name.Length - 40) / 2)];
        }

        return Path.Combine(folder, "." + name + suffix);
    }

    /// <summary>Gives a whole file its time, its permissions and its name.</summary>
    public void Commit(FileEntry file, string part)
    {
        var target = FullPath(file.Path);
        if (Directory.Exists(target) && new DirectoryInfo(target).LinkTarget is null)
        {
            throw new FileTransferException(target, "a folder stands where the file shall be.");
        }

        File.SetLastWriteTimeUtc(part, file.Modified.UtcDateTime);
        SetMode(part, file.Mode);
        File.Move(part, target, overwrite: true);
    }

    /// <summary>Makes links, and gives folders their times and permissions, the deepest first.</summary>
    public void Finish(IReadOnlyList<FileEntry> links, IReadOnlyList<FileEntry> folders)
    {
        foreach (var link in links)
        {
            Link(FullPath(link.Path), link.LinkTarget ?? "");
        }

        foreach (var folder in folders.OrderByDescending(f => f.Path.Length))
        {
            var path = FullPath(folder.Path);
            SetMode(path, folder.Mode);
            Directory.SetLastWriteTimeUtc(path, folder.Modified.UtcDateTime);
        }
    }

    private static FileStream OpenAlone(string path, FileMode mode) =>
        new(path, new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 });

    // The longest first. More than the whole would be another file's.
    private IEnumerable<string> Left(FileEntry file)
    {
        var begin = Beside(FullPath(file.Path), PartSuffix(file));
        return new DirectoryInfo(Path.GetDirectoryName(begin)!).EnumerateFiles("*" + PartSuffix(file) + "*")
            .Where(f => f.FullName.StartsWith(begin, StringComparison.Ordinal) && f.Length <= file.Length)
            .OrderByDescending(f => f.Length).Select(f => f.FullName);
    }

    private static void Link(string path, string to)
    {
        if (new FileInfo(path).LinkTarget == to)
        {
            return;
        }

        File.Delete(path); // of a link only the link
        try
        {
            File.CreateSymbolicLink(path, to);
        }
        catch (IOException) when (new FileInfo(path).LinkTarget == to)
        {
            // Another copy has made it meanwhile.
        }
    }

    // The bits that would make a stranger's file run as somebody else stay behind.
    private static void SetMode(string path, UnixFileMode? mode)
    {
        if (mode is { } bits && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, bits & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup));
        }
    }
}
