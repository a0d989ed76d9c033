namespace Farwire.Linux.Files;

/// <summary>Files of lines <c>KEY=value</c>, as os-release, environment and systemd's state files have them.</summary>
/// <remarks>os-release(5).</remarks>
public static class KeyValueFile
{
    /// <summary>The keys and values; null when the file cannot be read. Of a key that comes twice the last value counts.</summary>
    public static Dictionary<string, string>? Read(string path)
    {
        if (ProcFile.ReadText(path) is not { } text)
        {
            return null;
        }

        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line[0] != '#')
            {
                pairs[line[..equals].Trim()] = line[(equals + 1)..].Trim().Trim('"', '\'');
            }
        }

        return pairs;
    }
}
