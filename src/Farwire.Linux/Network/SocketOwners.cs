using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Network;

/// <summary>Which process holds which socket.</summary>
/// <remarks>proc(5), "/proc/pid/fd": a socket is a link to <c>socket:[inode]</c>. Of several holders the one with the lowest id counts.</remarks>
public static class SocketOwners
{
    private const string Prefix = "socket:[";

    /// <summary>Looks through the open files of all processes that are for us to see; costly.</summary>
    public static IReadOnlyDictionary<ulong, int> Read(LinuxPaths paths)
    {
        var owners = new Dictionary<ulong, int>();
        foreach (var folder in Directory.EnumerateDirectories(paths.Proc))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                continue;
            }

            try
            {
                foreach (var file in Directory.EnumerateFileSystemEntries(folder + "/fd"))
                {
                    if (new FileInfo(file).LinkTarget is { } target && target.StartsWith(Prefix, StringComparison.Ordinal)
                        && ulong.TryParse(target.AsSpan(Prefix.Length, target.Length - Prefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var inode))
                    {
                        owners[inode] = owners.TryGetValue(inode, out var known) ? Math.Min(known, process) : process;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is not for us to see.
            }
        }

        return owners;
    }
}
