using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;

namespace Farwire.Client.Files;

/// <summary>The files of a machine with PowerShell: bytes are the input and the output of pipelines.</summary>
internal sealed class PowerShellFiles(RunspacePool pool) : IRemoteFiles
{
    private const int PieceBytes = 512 * 1024;

    public async Task<IReadOnlyList<string>> ExpandAsync(string pattern, CancellationToken cancellationToken) =>
        [.. (await RunAsync(PowerShellScripts.Expand, [("p", pattern)], null, pattern, cancellationToken).ConfigureAwait(false)).Select(Text)];

    public async Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken) =>
        [.. (await RunAsync(PowerShellScripts.List, [("p", path)], null, path, cancellationToken).ConfigureAwait(false)).Select(line => Entry(Text(line)))];

    public async Task<IReadOnlyList<string?>> HashAsync(string root, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        [.. (await RunAsync(PowerShellScripts.Hash, [], Given(paths.Select(p => Full(root, p))), root, cancellationToken).ConfigureAwait(false)).Select(sum => Text(sum) is { Length: > 0 } text ? text : null)];

    public Task MakeFoldersAsync(string root, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        RunAsync(PowerShellScripts.MakeFolders, [], Given(paths.Select(p => Full(root, p)).Prepend(root)), root, cancellationToken);

    public async Task PutAsync(string root, IReadOnlyList<LocalFile> files, ITransferCount count, CancellationToken cancellationToken)
    {
        var failed = await RunAsync(PowerShellScripts.Put, [], FilesAsync(cancellationToken), root, cancellationToken).ConfigureAwait(false);
        if (failed.Count > 0)
        {
            throw new FileTransferException(Named(failed[0], "p") as string ?? root, string.Join("; ", failed.Select(f => Named(f, "e"))));
        }

        async IAsyncEnumerable<object?> FilesAsync([EnumeratorCancellation] CancellationToken token)
        {
            foreach (var file in files)
            {
                var bytes = await file.ReadAsync(token).ConfigureAwait(false);
                var sent = Bag(
                    ("p", Full(root, file.Entry.Path)), ("x", LocalFolder.NewPartSuffix(file.Entry)), ("b", bytes), ("h", Convert.ToHexStringLower(SHA256.HashData(bytes))),
                    ("t", file.Entry.Modified.UtcTicks), ("m", Mode(file.Entry)));
                yield return sent;
                count.Moved(file.Entry.Path, bytes.Length);
            }
        }
    }

    public async Task PutLargeAsync(string root, LocalFile file, bool resume, ITransferCount count, CancellationToken cancellationToken)
    {
        var entry = file.Entry;
        var target = Full(root, entry.Path);
        await using var source = file.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (suffix, offset) = resume ? await GoOnAsync(target, entry, source, hash, cancellationToken).ConfigureAwait(false) : (LocalFolder.NewPartSuffix(entry), 0);
        count.Found(entry.Path, offset);
        source.Position = offset;
        var pieces = Channel.CreateBounded<object?>(2);
        var reading = ReadAsync();
        (string Name, object? Value)[] parameters =
        [
            ("p", target), ("x", suffix), ("offset", offset), ("length", entry.Length), ("ticks", entry.Modified.UtcTicks), ("mode", Mode(entry)),
        ];
        await RunAsync(PowerShellScripts.PutLarge, parameters, pieces.Reader.ReadAllAsync(cancellationToken), file.FullPath, cancellationToken).ConfigureAwait(false);
        await reading.ConfigureAwait(false);

        async Task ReadAsync()
        {
            Exception? failure = null;
            try
            {
                var sum = await file.CopyToAsync(source, hash, WriteAsync, cancellationToken).ConfigureAwait(false);
                await pieces.Writer.WriteAsync(sum, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failure = e;
                throw;
            }
            finally
            {
                pieces.Writer.Complete(failure);
            }
        }

        async ValueTask WriteAsync(ReadOnlyMemory<byte> piece)
        {
            while (!piece.IsEmpty)
            {
                var next = piece[..Math.Min(piece.Length, PieceBytes)];
                await pieces.Writer.WriteAsync(next.ToArray(), cancellationToken).ConfigureAwait(false);
                count.Moved(entry.Path, next.Length);
                piece = piece[next.Length..];
            }
        }
    }

    public async Task GetAsync(string root, IReadOnlyList<FileEntry> files, LocalFolder target, ITransferCount count, CancellationToken cancellationToken)
    {
        List<string> failures = [];
        await foreach (var found in ReadAsync(PowerShellScripts.Get, [], Given(files.Select(f => Full(root, f.Path))), root, cancellationToken).ConfigureAwait(false))
        {
            var file = Named(found, "n") is int number && number >= 0 && number < files.Count ? files[number] : throw new FileTransferException(root, "the other side sent something that was not asked for.");
            if (Named(found, "b") is not byte[] bytes)
            {
                failures.Add($"{file.Path}: {Named(found, "e")}");
                continue;
            }

            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != Named(found, "h") as string)
            {
                failures.Add($"{file.Path}: it did not arrive whole.");
                continue;
            }

            var part = target.NewPart(file);
            try
            {
                await File.WriteAllBytesAsync(part, bytes, cancellationToken).ConfigureAwait(false);
                target.Commit(file, part);
            }
            finally
            {
                File.Delete(part); // what has its name by now is not touched
            }

            count.Moved(file.Path, bytes.Length);
        }

        if (failures.Count > 0)
        {
            throw new FileTransferException(root, string.Join("; ", failures));
        }
    }

    public async Task GetLargeAsync(string root, FileEntry file, LocalFolder target, bool resume, ITransferCount count, CancellationToken cancellationToken)
    {
        await using var to = target.OpenPart(file, resume);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await LocalFile.HashAsync(to, to.Length, hash, cancellationToken).ConfigureAwait(false);
        var begun = to.Length;
        count.Found(file.Path, begun);
        string? sum = null;
        (string, object?)[] parameters = [("p", Full(root, file.Path)), ("offset", begun), ("piece", PieceBytes)];
        await foreach (var piece in ReadAsync(PowerShellScripts.GetLarge, parameters, null, file.Path, cancellationToken).ConfigureAwait(false))
        {
            if (piece is not byte[] bytes)
            {
                sum = Text(piece);
                continue;
            }

            hash.AppendData(bytes);
            await to.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            count.Moved(file.Path, bytes.Length);
        }

        var length = to.Length;
        to.Close();
        if (length == file.Length && Convert.ToHexStringLower(hash.GetHashAndReset()) == sum)
        {
            target.Commit(file, to.Name);
            return;
        }

        File.Delete(to.Name);
        count.Found(file.Path, -length);
        if (begun == 0)
        {
            throw new FileTransferException(file.Path, "it changed while it was copied, or did not arrive whole; nothing was kept. Copy it again.");
        }

        await GetLargeAsync(root, file, target, resume: false, count, cancellationToken).ConfigureAwait(false); // the part was of something else
    }

    public Task FinishAsync(string root, IReadOnlyList<FileEntry> links, IReadOnlyList<FileEntry> folders, CancellationToken cancellationToken)
    {
        List<object?> all =
        [
            .. links.Select(l => Bag(("k", "l"), ("p", Full(root, l.Path)), ("l", l.LinkTarget))),
            .. folders.OrderByDescending(f => f.Path.Length).Select(f => Bag(("k", "d"), ("p", Full(root, f.Path)), ("t", f.Modified.UtcTicks), ("m", Mode(f)))),
        ];
        return all.Count == 0 ? Task.CompletedTask : RunAsync(PowerShellScripts.Finish, [], Given(all), root, cancellationToken);
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private static string Full(string root, string path) => root.EndsWith('/') ? root + path : $"{root}/{path}";

    private static int Mode(FileEntry entry) => entry.Mode is { } mode ? (int)mode : -1;

    private static string Text(object? value) => value as string ?? value?.ToString() ?? "";

    private static RemoteObject Bag(params ReadOnlySpan<(string Name, object? Value)> values) => RemoteObject.Bag(values);

    private static object? Named(object? found, string name) => (found as RemoteObject)?.Value is RemoteDictionary dictionary ? Bare(dictionary[name]) : null;

    // Bytes and numbers come bare, or as objects with notes on where they come from.
    private static object? Bare(object? value) => value is RemoteObject { HasValue: true, Value: var held } ? held : value;

    private static FileEntry Entry(string line)
    {
        var fields = line.Split('|', 6);
        var path = fields[5][..int.Parse(fields[4], CultureInfo.InvariantCulture)];
        var kind = fields[0] switch { "f" => FileKind.File, "d" => FileKind.Folder, "l" => FileKind.Link, _ => FileKind.Other };
        var mode = int.Parse(fields[3], CultureInfo.InvariantCulture);
        return new FileEntry(path, kind, long.Parse(fields[1], CultureInfo.InvariantCulture), new DateTimeOffset(long.Parse(fields[2], CultureInfo.InvariantCulture), TimeSpan.Zero))
        {
            Mode = mode < 0 ? null : (UnixFileMode)mode,
            LinkTarget = kind == FileKind.Link ? fields[5][path.Length..] : null,
        };
    }

    private static async IAsyncEnumerable<object?> Given(IEnumerable<object?> items)
    {
        foreach (var item in items)
        {
            yield return item;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    // The parts of earlier copies that nobody works on count as far as they are the beginning of this source; the longest is gone on with.
    private async Task<(string Suffix, long Length)> GoOnAsync(string target, FileEntry entry, FileStream source, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var suffix = LocalFolder.PartSuffix(entry);
        var command = PowerShellCommand.Script(PowerShellScripts.Parts) with { Parameters = [new(null, target), new(null, suffix)] };
        var found = await GatherAsync(ReadAsync(command, null, target, cancellationToken)).ConfigureAwait(false);
        foreach (var part in found.Where(p => Named(p, "l") is long length && length > 0 && length <= entry.Length).OrderByDescending(p => (long)Named(p, "l")!))
        {
            var length = (long)Named(part, "l")!;
            using var begun = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            source.Position = 0;
            await LocalFile.HashAsync(source, length, begun, cancellationToken).ConfigureAwait(false);
            if (Convert.ToHexStringLower(begun.GetCurrentHash()) == Named(part, "h") as string)
            {
                source.Position = 0;
                await LocalFile.HashAsync(source, length, hash, cancellationToken).ConfigureAwait(false);
                return (suffix + Named(part, "x"), length);
            }
        }

        return (LocalFolder.NewPartSuffix(entry), 0);
    }

    private Task<List<object?>> RunAsync(string script, (string Name, object? Value)[] parameters, IAsyncEnumerable<object?>? input, string about, CancellationToken cancellationToken) =>
        GatherAsync(ReadAsync(script, parameters, input, about, cancellationToken));

    private static async Task<List<object?>> GatherAsync(IAsyncEnumerable<object?> values)
    {
        var all = new List<object?>();
        await foreach (var value in values.ConfigureAwait(false))
        {
            all.Add(value);
        }

        return all;
    }

    private IAsyncEnumerable<object?> ReadAsync(string script, (string Name, object? Value)[] parameters, IAsyncEnumerable<object?>? input, string about, CancellationToken cancellationToken) =>
        ReadAsync(
            PowerShellCommand.Script(script) with { Parameters = [.. parameters.Select(p => KeyValuePair.Create((string?)p.Name, p.Value))] }, input, about, cancellationToken);

    // Output as it comes; an error of the script is one of the copy.
    private async IAsyncEnumerable<object?> ReadAsync(
        PowerShellCommand command, IAsyncEnumerable<object?>? input, string about, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var records = pool.Run(new PipelineSettings([command]) { Input = input, AddsInvocationInfo = false }, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await records.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (PipelineFailedException e)
            {
                throw new FileTransferException(about, e.Message, e);
            }

            switch (records.Current)
            {
                case OutputRecord output: yield return Bare(output.Value) is byte[] bytes ? bytes : output.Value; break;
                case ErrorRecord error: throw new FileTransferException(about, error.Message);
                default: break; // progress and the like of modules that load
            }
        }
    }
}
