using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Processes;

/// <summary>A file that a process has mapped to execute it: its program and its libraries.</summary>
/// <param name="Path">The file.</param>
/// <param name="Address">Where it begins in the memory of the process.</param>
public readonly record struct MappedFile(string Path, ulong Address);

/// <summary>The files that processes execute.</summary>
/// <remarks>proc(5), "/proc/pid/maps".</remarks>
public static class MappedFiles
{
    private const int MaxBytes = 16 * 1024 * 1024;
    private const string Gone = " (deleted)";

    /// <summary>The files of one process, each once; none when it is gone, or not for us to see.</summary>
    public static IReadOnlyCollection<MappedFile> Of(LinuxPaths paths, int processId)
    {
        // begin-end permissions offset device inode   path
        var files = new Dictionary<string, (ulong Begin, bool IsExecuted)>(StringComparer.Ordinal);
        foreach (var line in (ProcFile.ReadText($"{paths.Proc}/{processId}/maps", MaxBytes) ?? "").Split('\n'))
        {
            var at = line.IndexOf('/', StringComparison.Ordinal);
            var dash = line.IndexOf('-', StringComparison.Ordinal);
            if (at < 0 || dash < 0 || line.EndsWith(Gone, StringComparison.Ordinal)
                || !ulong.TryParse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var begin)
                || line.IndexOf(' ', StringComparison.Ordinal) is not (> 0 and var blank) || line.Length < blank + 5)
            {
                continue;
            }

            var known = files.GetValueOrDefault(line[at..], (begin, false));
            files[line[at..]] = (Math.Min(known.Item1, begin), known.Item2 || line[blank + 3] == 'x');
        }

        return [.. files.Where(f => f.Value.IsExecuted).Select(f => new MappedFile(f.Key, f.Value.Begin))];
    }
}
