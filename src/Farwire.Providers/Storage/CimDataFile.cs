using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Linux.Files;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>CIM_DataFile and Win32_Directory: files and directories by name, or those of one directory by <c>Path</c>. All of them at once are refused.</summary>
internal static class CimDataFile
{
    private const int MaxEntries = 200_000;

    public static ICimProvider Files(CimSchema schema, LinuxSources linux) => Over(schema, linux, "CIM_DataFile", isDirectory: false);

    public static ICimProvider Directories(CimSchema schema, LinuxSources linux) => Over(schema, linux, "Win32_Directory", isDirectory: true);

    private static CimTable<FileSystemInfo> Over(CimSchema schema, LinuxSources linux, string className, bool isDirectory) => new(schema, className, need => Rows(need, className, isDirectory))
    {
        NeedsNames = true,
        Find = (keys, _) => ValueTask.FromResult(One(keys[0], isDirectory)),
        ["Caption"] = f => f.FullName,
        ["CreationDate"] = f => FileTimes.Created(f.FullName) is { } created ? new CimDateTime(created) : default(CimValue),
        ["Description"] = f => f.FullName,
        ["Drive"] = f => DriveOf(linux, f),
        ["Extension"] = f => isDirectory ? "" : f.Extension.TrimStart('.'),
        ["FileName"] = f => isDirectory ? f.Name : Path.GetFileNameWithoutExtension(f.Name),
        ["FileSize"] = f => f is FileInfo file ? (ulong)file.Length : default(CimValue),
        ["FileType"] = f => isDirectory ? "File Folder" : f.Extension is { Length: > 1 } extension ? extension[1..].ToUpper(CultureInfo.InvariantCulture) + " File" : "File",
        ["FSName"] = f => linux.Mounts.Read().FirstOrDefault(m => m.MountPoint == DriveOf(linux, f))?.FileSystem,
        ["Hidden"] = f => f.Name.StartsWith('.'),
        ["InstallDate"] = f => FileTimes.Created(f.FullName) is { } created ? new CimDateTime(created) : default(CimValue),
        ["LastAccessed"] = f => Time(f.LastAccessTimeUtc),
        ["LastModified"] = f => Time(f.LastWriteTimeUtc),
        ["Name"] = f => f.FullName,
        ["Path"] = f => PathOf(f),
        ["Readable"] = _ => true,
        ["Status"] = _ => "OK",
        ["System"] = _ => false,
        ["Writeable"] = f => (f.UnixFileMode & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0,
    };

    private static IEnumerable<FileSystemInfo> Rows(CimNeed need, string className, bool isDirectory)
    {
        if (need.Fixed("Name") is { } name)
        {
            return One(name, isDirectory) is { } one ? [one] : [];
        }

        if (need.Fixed("Path") is not { } path)
        {
            throw CimError.QuotaViolation($"all instances of {className} are too many: give a Name, or a Path such as '/etc/'");
        }

        return In(path, isDirectory);
    }

    /// <summary>The files or the directories of one directory; of one that is not there, none.</summary>
    internal static IEnumerable<FileSystemInfo> In(string path, bool isDirectory)
    {
        // A link to a directory is followed by nobody here: it is a file.
        var folder = new DirectoryInfo(path);
        return !Path.IsPathFullyQualified(path) || !folder.Exists ? []
            : isDirectory ? folder.EnumerateDirectories("*", Everything).Where(d => d.LinkTarget is null).Take(MaxEntries) : folder.EnumerateFiles("*", Everything).Take(MaxEntries);
    }

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>The file or the directory of this name; null when it is not there.</summary>
    internal static FileSystemInfo? One(string name, bool isDirectory)
    {
        if (!Path.IsPathFullyQualified(name) || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        FileSystemInfo found = isDirectory ? new DirectoryInfo(name.Length > 1 ? name.TrimEnd('/') : name) : new FileInfo(name);
        return found.Exists ? found : null;
    }

    private static string PathOf(FileSystemInfo entry) => Path.GetDirectoryName(entry.FullName) is { } parent ? parent.TrimEnd('/') + "/" : "";

    // The longest mount point that the name begins with.
    private static string DriveOf(LinuxSources linux, FileSystemInfo entry) => linux.Mounts.Read().Select(m => m.MountPoint)
        .Where(p => p == "/" || entry.FullName == p || entry.FullName.StartsWith(p + "/", StringComparison.Ordinal)).MaxBy(p => p.Length) ?? "/";

    private static CimDateTime Time(DateTime utc) => new(new DateTimeOffset(utc, TimeSpan.Zero));
}
