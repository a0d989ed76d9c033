using System.Formats.Tar;
using System.IO.Enumeration;

namespace Farwire.Client.Files;

/// <summary>What is below folders of this machine.</summary>
internal static class LocalTree
{
    /// <summary>Names that a pattern stands for, or the path itself.</summary>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        var full = Slashed(Path.GetFullPath(pattern));
        var name = Path.GetFileName(pattern);
        var folder = Path.GetDirectoryName(full);
        if (Exists(full) || folder is null || name.AsSpan().IndexOfAny('*', '?') < 0 || !Directory.Exists(folder))
        {
            return [full];
        }

        var hidden = name.StartsWith('.'); // as shells do it
        var found = Directory.EnumerateFileSystemEntries(folder)
            .Where(p => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(p), ignoreCase: OperatingSystem.IsWindows()) && (hidden || !Path.GetFileName(p).StartsWith('.')))
            .Select(Slashed)
            .Order(StringComparer.Ordinal)
            .ToList();
        return found.Count > 0 ? found : [full];
    }

    /// <summary>What is at <paramref name="path"/> and below it, the place itself first with an empty path; nothing when nothing is there.</summary>
    public static List<FileEntry> List(string path)
    {
        var found = new List<FileEntry>();
        if (!Exists(path))
        {
            return found;
        }

        // The place itself may be reached by a link; links below it stay links.
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        found.Add(Entry("", info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) ?? info));
        if (found[0].Kind == FileKind.Folder)
        {
            var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
            var folders = new Stack<DirectoryInfo>([new DirectoryInfo(path)]);
            while (folders.TryPop(out var folder))
            {
                foreach (var item in folder.EnumerateFileSystemInfos("*", options))
                {
                    var entry = Entry(Path.GetRelativePath(path, item.FullName).Replace(Path.DirectorySeparatorChar, '/'), item);
                    found.Add(entry);
                    if (entry.Kind == FileKind.Folder)
                    {
                        folders.Push((DirectoryInfo)item);
                    }
                }
            }
        }

        return found;
    }

    private static string Slashed(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static FileEntry Entry(string path, FileSystemInfo info)
    {
        var kind = info.LinkTarget is not null ? FileKind.Link
            : info is DirectoryInfo ? FileKind.Folder
            : info is FileInfo { Length: 0 } && IsSpecial(info.FullName) ? FileKind.Other
            : FileKind.File;
        return new FileEntry(path, kind, info is FileInfo file && kind == FileKind.File ? file.Length : 0, info.LastWriteTimeUtc)
        {
            Mode = OperatingSystem.IsWindows() || kind == FileKind.Link ? null : info.UnixFileMode,
            LinkTarget = info.LinkTarget,
        };
    }

    // What a name is that seems empty, only an archive's header tells: a pipe that is opened to be read would never end.
    private static bool IsSpecial(string path)
    {
        const int typeAt = 156;
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            using var header = new MemoryStream();
            using var archive = new TarWriter(header, TarEntryFormat.Ustar, leaveOpen: true);
            archive.WriteEntry(path, "x");
            return header.GetBuffer()[typeAt] != (byte)TarEntryType.RegularFile;
        }
        catch (IOException)
        {
            return true; // a socket has no place in an archive
        }
    }
}
