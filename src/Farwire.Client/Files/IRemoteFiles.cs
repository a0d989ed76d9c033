namespace Farwire.Client.Files;

/// <summary>The files of the other side, by one way to reach them. One at a time uses it.</summary>
/// <remarks>Whatever is written takes its final name only when it is whole and its SHA-256 is that of the source.</remarks>
internal interface IRemoteFiles : IAsyncDisposable
{
    /// <summary>Names that a pattern stands for, or the path itself; absolute.</summary>
    Task<IReadOnlyList<string>> ExpandAsync(string pattern, CancellationToken cancellationToken);

    /// <summary>What is at <paramref name="path"/> and below it, the place itself first with an empty path; nothing when nothing is there.</summary>
    Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>The SHA-256 of files below <paramref name="root"/>, in hexadecimal, in their order; null for one that cannot be read.</summary>
    Task<IReadOnlyList<string?>> HashAsync(string root, IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>Makes folders below <paramref name="root"/>, and the root itself.</summary>
    Task MakeFoldersAsync(string root, IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>Writes many small files.</summary>
    Task PutAsync(string root, IReadOnlyList<LocalFile> files, ITransferCount count, CancellationToken cancellationToken);

    /// <summary>Writes a large file, from where an earlier copy was cut when <paramref name="resume"/> is set.</summary>
    Task PutLargeAsync(string root, LocalFile file, bool resume, ITransferCount count, CancellationToken cancellationToken);

    /// <summary>Reads many small files.</summary>
    Task GetAsync(string root, IReadOnlyList<FileEntry> files, LocalFolder target, ITransferCount count, CancellationToken cancellationToken);

    /// <summary>Reads a large file, from where an earlier copy was cut when <paramref name="resume"/> is set.</summary>
    Task GetLargeAsync(string root, FileEntry file, LocalFolder target, bool resume, ITransferCount count, CancellationToken cancellationToken);

    /// <summary>Makes links, and gives folders their times and permissions, the deepest first.</summary>
    Task FinishAsync(string root, IReadOnlyList<FileEntry> links, IReadOnlyList<FileEntry> folders, CancellationToken cancellationToken);
}

/// <summary>Counts bytes as they go. Several shells tell it at once.</summary>
internal interface ITransferCount
{
    /// <summary>Bytes of a file went over the network.</summary>
    void Moved(string path, long bytes);

    /// <summary>Bytes of a file were there already; negative when they were of no use.</summary>
    void Found(string path, long bytes);
}
