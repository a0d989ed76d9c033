using System.Collections.Concurrent;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell;
using Farwire.Client.Shells;
using Farwire.Protocol.Faults;

namespace Farwire.Client.Files;

/// <summary>Copies files and folders to and from a machine.</summary>
/// <remarks>
/// 1. Both trees are listed. 2. What is there already, by size, time and SHA-256, is kept. 3. Small files travel in batches, large ones alone, several
/// shells side by side; a file takes its name only when its SHA-256 was found equal on both ends. 4. Links are made, folders get their times.
/// </remarks>
/// <param name="client">The way to the machine.</param>
/// <param name="settings">How.</param>
public sealed class FileTransfer(WSManClient client, FileTransferSettings? settings = null)
{
    private readonly FileTransferSettings _settings = settings ?? new FileTransferSettings();
    private FileTransferMethod? _method;

    /// <summary>Copies from here to there.</summary>
    /// <param name="sources">Files and folders of this machine; <c>*</c> and <c>?</c> stand for many.</param>
    /// <param name="target">A name there, or a folder: one that is there, one named with a slash at its end, or any for several sources.</param>
    /// <param name="cancellationToken">Gives up; what is whole by then stays.</param>
    /// <exception cref="FileTransferException">Nothing could be copied.</exception>
    public async Task<FileTransferSummary> UploadAsync(IReadOnlyList<string> sources, string target, CancellationToken cancellationToken = default)
    {
        var work = new TransferWork(_settings);
        await using var there = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var places = sources.SelectMany(LocalTree.Expand).ToList();
        foreach (var (source, root, name) in await PlacesAsync(there, places, target, cancellationToken).ConfigureAwait(false))
        {
            var found = Found(source, LocalTree.List(source), name);
            var existing = _settings.Resume ? await there.ListAsync(Join(root, name), cancellationToken).ConfigureAwait(false) : [];
            var kept = await KeptAsync(found, existing, name, paths => HashHereAsync(source, name, paths, cancellationToken), paths => there.HashAsync(root, paths, cancellationToken)).ConfigureAwait(false);
            var jobs = work.Plan(root, found, kept);
            if (_settings.DryRun)
            {
                continue;
            }

            await there.MakeFoldersAsync(root, [.. Folders(found).Select(f => f.Path)], cancellationToken).ConfigureAwait(false);
            await RunAsync(jobs, work, (side, job) => job.IsLarge
                ? side.PutLargeAsync(root, Local(source, name, job.Files[0]), _settings.Resume, work, cancellationToken)
                : side.PutAsync(root, [.. job.Files.Select(f => Local(source, name, f))], work, cancellationToken), there, cancellationToken).ConfigureAwait(false);
            await FinishAsync(work, () => there.FinishAsync(root, Links(found), Folders(found), cancellationToken)).ConfigureAwait(false);
        }

        return work.Summary();
    }

    /// <summary>Copies from there to here.</summary>
    /// <param name="sources">Files and folders there; <c>*</c>, <c>?</c> and <c>[…]</c> stand for many.</param>
    /// <param name="target">A name here, or a folder, as with <see cref="UploadAsync"/>.</param>
    /// <param name="cancellationToken">Gives up; what is whole by then stays.</param>
    /// <exception cref="FileTransferException">Nothing could be copied.</exception>
    public async Task<FileTransferSummary> DownloadAsync(IReadOnlyList<string> sources, string target, CancellationToken cancellationToken = default)
    {
        var work = new TransferWork(_settings);
        await using var there = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var places = new List<string>();
        foreach (var source in sources)
        {
            places.AddRange(await there.ExpandAsync(source, cancellationToken).ConfigureAwait(false));
        }

        var full = Path.GetFullPath(target);
        var isFolder = Directory.Exists(full) || Path.EndsInDirectorySeparator(target) || places.Count > 1;
        foreach (var source in places.Select(WithoutDot))
        {
            var name = isFolder ? NameOf(source) : Path.GetFileName(full);
            var root = isFolder ? full : Path.GetDirectoryName(full) ?? full;
            var parent = WithoutSlash(ParentOf(source));
            var listed = await there.ListAsync(source, cancellationToken).ConfigureAwait(false);
            var found = Found(source, listed, NameOf(source)); // as the other side names them
            var folder = new LocalFolder(root, NameOf(source), name);
            var existing = _settings.Resume ? LocalTree.List(Path.Combine(root, name)) : [];
            var kept = await KeptAsync(found, existing, NameOf(source), paths => HashFilesAsync(paths.Select(folder.FullPath), cancellationToken), paths => there.HashAsync(parent, paths, cancellationToken)).ConfigureAwait(false);
            var jobs = work.Plan(parent, found, kept);
            if (_settings.DryRun)
            {
                continue;
            }

            folder.MakeFolders(found);
            await RunAsync(jobs, work, (side, job) => job.IsLarge
                ? side.GetLargeAsync(parent, job.Files[0], folder, _settings.Resume, work, cancellationToken)
                : side.GetAsync(parent, job.Files, folder, work, cancellationToken), there, cancellationToken).ConfigureAwait(false);
            await FinishAsync(work, () => Task.Run(() => folder.Finish(Links(found), Folders(found)), cancellationToken)).ConfigureAwait(false);
        }

        return work.Summary();
    }

    private static string NameOf(string path) => path.TrimEnd('/') is var trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : "";

    private static string ParentOf(string path) => path.TrimEnd('/')[..^NameOf(path).Length];

    private static string WithoutSlash(string folder) => folder.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";

    private static string WithoutDot(string path)
    {
        while (path.EndsWith("/.", StringComparison.Ordinal))
        {
            path = path[..^2];
        }

        return path;
    }

    private static string Join(string root, string name) => root.EndsWith('/') ? root + name : $"{root}/{name}";

    private static LocalFile Local(string source, string name, FileEntry file) =>
        new(file, file.Path.Length == name.Length ? source : Path.Combine(source, file.Path[(name.Length + 1)..].Replace('/', Path.DirectorySeparatorChar)));

    // All that is found at a source, with paths that begin with the name it shall have.
    private static List<FileEntry> Found(string source, IReadOnlyList<FileEntry> listed, string name) => listed.Count == 0
        ? throw new FileTransferException(source, "there is nothing of this name.")
        : [.. listed.Select(e => e with { Path = e.Path.Length == 0 ? name : $"{name}/{e.Path}" })];

    private static List<FileEntry> Links(List<FileEntry> found) => found.FindAll(f => f.Kind == FileKind.Link);

    private static List<FileEntry> Folders(List<FileEntry> found) => found.FindAll(f => f.Kind == FileKind.Folder);

    // The files are there; that a folder's time or a link is not does not undo it.
    private static async Task FinishAsync(TransferWork work, Func<Task> finish)
    {
        try
        {
            await finish().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            work.Failed(e);
        }
    }

    private static async Task<HashSet<string>> KeptAsync(
        List<FileEntry> found, IReadOnlyList<FileEntry> existing, string name, Func<IReadOnlyList<string>, Task<IReadOnlyList<string?>>> here, Func<IReadOnlyList<string>, Task<IReadOnlyList<string?>>> there)
    {
        var known = existing.ToDictionary(e => e.Path.Length == 0 ? name : $"{name}/{e.Path}", StringComparer.Ordinal);
        string[] alike = [.. found.Where(f => f.Kind == FileKind.File && known.TryGetValue(f.Path, out var other) && f.IsSameAs(other)).Select(f => f.Path)];
        if (alike.Length == 0)
        {
            return [];
        }

        var theirs = there(alike);
        var ours = await here(alike).ConfigureAwait(false);
        var sums = await theirs.ConfigureAwait(false);
        return [.. alike.Where((_, i) => ours[i] is { } sum && sum == sums[i])];
    }

    private static Task<IReadOnlyList<string?>> HashHereAsync(string source, string name, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        HashFilesAsync(paths.Select(p => p.Length == name.Length ? source : Path.Combine(source, p[(name.Length + 1)..])), cancellationToken);

    private static async Task<IReadOnlyList<string?>> HashFilesAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var sums = new List<string?>();
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(file);
            sums.Add(Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)));
        }

        return sums;
    }

    private static async Task<List<(string Source, string Root, string Name)>> PlacesAsync(IRemoteFiles there, List<string> sources, string target, CancellationToken cancellationToken)
    {
        var full = (await there.ExpandAsync(target, cancellationToken).ConfigureAwait(false))[0];
        var at = await there.ListAsync(full + "/.", cancellationToken).ConfigureAwait(false); // only a folder has that
        if (at.Count > 0 || target.EndsWith('/') || target.EndsWith('\\') || sources.Count > 1)
        {
            return [.. sources.Select(s => (s, WithoutSlash(full), NameOf(s)))];
        }

        return [(sources[0], WithoutSlash(ParentOf(full)), NameOf(full))];
    }

    // Several shells take one job after the other; what fails is told at the end, and the rest goes on.
    private async Task RunAsync(IReadOnlyList<TransferJob> jobs, TransferWork work, Func<IRemoteFiles, TransferJob, Task> run, IRemoteFiles first, CancellationToken cancellationToken)
    {
        var queue = new ConcurrentQueue<TransferJob>(jobs);
        await Task.WhenAll(Enumerable.Range(0, Math.Clamp(_settings.Parallel, 1, Math.Max(1, jobs.Count))).Select(Worker)).ConfigureAwait(false);

        async Task Worker(int number)
        {
            var side = number == 0 ? first : await OpenAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                while (queue.TryDequeue(out var job))
                {
                    try
                    {
                        await run(side, job).ConfigureAwait(false);
                        work.Finished(job);
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException or PipelineFailedException)
                    {
                        work.Failed(job, e);
                    }
                }
            }
            finally
            {
                if (number > 0)
                {
                    await side.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<IRemoteFiles> OpenAsync(CancellationToken cancellationToken)
    {
        if ((_method ??= await ChooseAsync(cancellationToken).ConfigureAwait(false)) == FileTransferMethod.PowerShell)
        {
            return new PowerShellFiles(await client.OpenRunspacePoolAsync(new RunspacePoolSettings { ConfigurationName = _settings.ConfigurationName }, cancellationToken).ConfigureAwait(false));
        }

        return new ShellFiles(client, await client.OpenShellAsync(new ShellSettings { NoProfile = true }, cancellationToken).ConfigureAwait(false));
    }

    private async Task<FileTransferMethod> ChooseAsync(CancellationToken cancellationToken)
    {
        if (_settings.Method != FileTransferMethod.Automatic)
        {
            return _settings.Method;
        }

        var vendor = (await client.IdentifyAsync(cancellationToken).ConfigureAwait(false)).ProductVendor;
        return vendor.Contains("Microsoft", StringComparison.OrdinalIgnoreCase) ? FileTransferMethod.PowerShell : FileTransferMethod.Shell;
    }
}
