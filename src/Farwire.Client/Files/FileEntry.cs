namespace Farwire.Client.Files;

/// <summary>What something in a folder is.</summary>
public enum FileKind
{
    /// <summary>A file with content.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link. It is copied as a link, so a loop of links is none for a copy.</summary>
    Link,

    /// <summary>A device, pipe or socket: not copied.</summary>
    Other,
}

/// <summary>Something below the root of a copy.</summary>
/// <param name="Path">Its path from the root, with slashes; empty for the root itself.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">The bytes of a file.</param>
/// <param name="Modified">When it was written last.</param>
public sealed record FileEntry(string Path, FileKind Kind, long Length, DateTimeOffset Modified)
{
    /// <summary>Its permissions; null where the system has none of that kind.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>Where a link leads.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Files written at the same time, as far as both systems can tell: FAT knows two seconds, NTFS 100 ns, Linux one.</summary>
    internal bool IsSameAs(FileEntry other) => Kind == other.Kind && Length == other.Length && (Modified - other.Modified).Duration() < TimeSpan.FromMicroseconds(2);
}
