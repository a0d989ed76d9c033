namespace Farwire.Client.Files;

/// <summary>One large file, or many small ones, for one shell at a time.</summary>
internal sealed record TransferJob(IReadOnlyList<FileEntry> Files, bool IsLarge);

/// <summary>What a copy has to do, and how far it is. Several shells tell it at once.</summary>
internal sealed class TransferWork(FileTransferSettings settings) : ITransferCount
{
    /// <summary>A file of this size goes alone: it can be gone on with when it was cut.</summary>
    public const long LargeBytes = 8 * 1024 * 1024;

    private const long BatchBytes = 32 * 1024 * 1024;
    private const int BatchFiles = 2000;

    private readonly Lock _lock = new();
    private readonly List<FileProblem> _problems = [];
    private int _copied;
    private int _kept;
    private int _started;
    private int _totalFiles;
    private long _bytes;
    private long _moved;
    private long _totalBytes;

    /// <summary>Makes jobs of all files that are not there yet, the large first.</summary>
    public IReadOnlyList<TransferJob> Plan(string root, List<FileEntry> found, HashSet<string> kept)
    {
        _problems.AddRange(found.Where(f => f.Kind == FileKind.Other).Select(f => new FileProblem($"{root}/{f.Path}", "devices, pipes and sockets are not copied.")));
        List<FileEntry> files = [.. found.Where(f => f.Kind == FileKind.File && !kept.Contains(f.Path))];
        _kept += kept.Count;
        _totalFiles += files.Count;
        _totalBytes += files.Sum(f => f.Length);
        var jobs = files.Where(f => f.Length >= LargeBytes).OrderByDescending(f => f.Length).Select(f => new TransferJob([f], IsLarge: true)).ToList();
        var batch = new List<FileEntry>();
        long bytes = 0;
        var small = files.Where(f => f.Length < LargeBytes).ToList();
        var most = Math.Clamp(small.Count / Math.Max(1, settings.Parallel), 1, BatchFiles); // all shells have something to do
        foreach (var file in small)
        {
            if (batch.Count >= most || (batch.Count > 0 && bytes + file.Length > BatchBytes))
            {
                jobs.Add(new TransferJob(batch, IsLarge: false));
                (batch, bytes) = ([], 0);
            }

            batch.Add(file);
            bytes += file.Length;
        }

        if (batch.Count > 0)
        {
            jobs.Add(new TransferJob(batch, IsLarge: false));
        }

        return jobs;
    }

    /// <inheritdoc/>
    public void Moved(string path, long bytes)
    {
        lock (_lock)
        {
            _moved += bytes;
            Report(path, bytes);
        }
    }

    /// <inheritdoc/>
    public void Found(string path, long bytes)
    {
        lock (_lock)
        {
            Report(path, bytes);
        }
    }

    public void Finished(TransferJob job)
    {
        lock (_lock)
        {
            _copied += job.Files.Count;
            _started += job.Files.Count;
            Report(job.Files[^1].Path, 0);
        }
    }

    public void Failed(TransferJob job, Exception why)
    {
        lock (_lock)
        {
            _started += job.Files.Count;
            var about = why is FileTransferException failed ? failed.Path : job.Files.Count == 1 ? job.Files[0].Path : $"{job.Files[0].Path} and {job.Files.Count - 1} more";
            _problems.Add(new FileProblem(about, why is FileTransferException ? why.Message[(about.Length + 2)..] : why.Message));
        }
    }

    /// <summary>Links or folders could not be made as they were.</summary>
    public void Failed(IOException why) => _problems.Add(new FileProblem(why is FileTransferException failed ? failed.Path : "links and folders", why is FileTransferException { Path: var path } ? why.Message[(path.Length + 2)..] : why.Message));

    public FileTransferSummary Summary() => new()
    {
        Copied = settings.DryRun ? _totalFiles : _copied, Kept = _kept, Bytes = settings.DryRun ? _totalBytes : _moved, Problems = _problems,
    };

    private void Report(string path, long bytes)
    {
        _bytes += bytes;
        settings.Progress?.Report(new FileProgress(_started, _totalFiles, _bytes, _totalBytes, path));
    }
}
