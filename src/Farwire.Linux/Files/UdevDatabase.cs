namespace Farwire.Linux.Files;

/// <summary>What udev found out about a device.</summary>
/// <remarks>udev(7). Each device has a file of lines <c>E:KEY=value</c> below <c>/run/udev/data</c>.</remarks>
public static class UdevDatabase
{
    /// <summary>The properties of a device.</summary>
    /// <param name="paths">Where the trees are.</param>
    /// <param name="device">Its name there: <c>b8:0</c> for a block device, <c>n2</c> for a network interface, <c>+pci:0000:00:01.0</c>.</param>
    public static IReadOnlyDictionary<string, string> Read(LinuxPaths paths, string device)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (ProcFile.ReadText($"{paths.Run}/udev/data/{device}") ?? "").Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 2 && line.StartsWith("E:", StringComparison.Ordinal))
            {
                properties[line[2..equals]] = line[(equals + 1)..];
            }
        }

        return properties;
    }
}
