namespace Farwire.Linux.Files;

/// <summary>A folder that others may mount.</summary>
/// <param name="Name">What they call it.</param>
/// <param name="Path">Where it is here.</param>
/// <param name="Comment">About it.</param>
/// <param name="Protocol"><c>smb</c> or <c>nfs</c>.</param>
/// <remarks>smb.conf(5), exports(5).</remarks>
public sealed record SharedFolder(string Name, string Path, string? Comment, string Protocol)
{
    /// <summary>The folders that Samba and the kernel's NFS server are configured to share.</summary>
    public static IReadOnlyList<SharedFolder> Read(LinuxPaths paths) => [.. Samba(paths), .. Nfs(paths)];

    private static IEnumerable<SharedFolder> Samba(LinuxPaths paths)
    {
        string? section = null, path = null, comment = null;
        foreach (var raw in (ProcFile.ReadText(paths.Etc + "/samba/smb.conf", 1024 * 1024) ?? "").Split('\n').Append("[end]"))
        {
            var line = raw.Trim();
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                // What has no path of its own is no share: the general settings, and the homes, which are made when they are asked for.
                if (section is not null && path is not null)
                {
                    yield return new SharedFolder(section, path, comment, "smb");
                }

                (section, path, comment) = (line[1..^1], null, null);
            }
            else if (line.Length > 0 && line[0] is not ('#' or ';') && line.Split('=', 2) is [var key, var value])
            {
                switch (key.Trim().ToLowerInvariant())
                {
                    case "path" or "directory": path = value.Trim(); break;
                    case "comment": comment = value.Trim(); break;
                }
            }
        }
    }

    private static IEnumerable<SharedFolder> Nfs(LinuxPaths paths)
    {
        var files = Directory.Exists(paths.Etc + "/exports.d") ? Directory.EnumerateFiles(paths.Etc + "/exports.d", "*.exports").Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        foreach (var file in files.Prepend(paths.Etc + "/exports"))
        {
            foreach (var line in (ProcFile.ReadText(file, 1024 * 1024) ?? "").Split('\n'))
            {
                if (line.TrimStart() is ['/' or '"', ..] entry)
                {
                    var path = entry[0] == '"' ? entry[1..].Split('"')[0] : OctalText.Decode(entry.Split((char[])[' ', '\t'])[0]);
                    yield return new SharedFolder(path, path, null, "nfs");
                }
            }
        }
    }
}
