using System.Collections.Concurrent;

namespace Farwire.Ipmi.Sdr;

/// <summary>Keeps the records of controllers, so that they are read again only after they changed.</summary>
public interface ISdrCache
{
    /// <summary>What was kept under <paramref name="key"/>, or null.</summary>
    ReadOnlyMemory<byte>? Find(string key);

    /// <summary>Keeps the records of a controller; what was kept before is replaced.</summary>
    void Keep(string key, ReadOnlyMemory<byte> records);
}

/// <summary>Keeps records as long as the process lives.</summary>
public sealed class MemorySdrCache : ISdrCache
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _kept = new();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Find(string key) => _kept.TryGetValue(key, out var records) ? records : null;

    /// <inheritdoc/>
    public void Keep(string key, ReadOnlyMemory<byte> records) => _kept[key] = records;
}

/// <summary>Keeps records as files in a folder, one a controller.</summary>
public sealed class FolderSdrCache(string folder) : ISdrCache
{
    private const int MaxFileBytes = 1 << 20;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Find(string key)
    {
        var file = new FileInfo(PathOf(key));
        try
        {
            return file is { Exists: true, Length: <= MaxFileBytes } ? File.ReadAllBytes(file.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a cache that cannot be read is an empty one
        }
    }

    /// <inheritdoc/>
    public void Keep(string key, ReadOnlyMemory<byte> records)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, Path.GetRandomFileName());
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(records.Span);
            }

            File.Move(temporary, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that may not be written costs time at the next start, nothing else.
        }
    }

    // Keys hold host names; a hash is a safe file name.
    private string PathOf(string key) => Path.Combine(
        folder, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)).AsSpan(0, 12)) + ".sdr");
}
