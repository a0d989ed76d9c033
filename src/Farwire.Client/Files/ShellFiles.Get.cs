using System.Formats.Tar;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Farwire.Client.Shells;

namespace Farwire.Client.Files;

/// <content>From there to here.</content>
internal sealed partial class ShellFiles
{
    public async Task GetAsync(string root, IReadOnlyList<FileEntry> files, LocalFolder target, ITransferCount count, CancellationToken cancellationToken)
    {
        // The archive goes out while the sums are made; they and what tar has to say come on the other stream.
        var script = $$"""
            cd {{ShellText.Quoted(root)}} || exit; l=$(mktemp) && e=$(mktemp) || exit; trap 'rm -f -- "$l" "$e"' EXIT; trap 'exit 1' HUP INT TERM
            cat > "$l"; xargs -0 -r sha256sum -z -- < "$l" >&2 2>> "$e" &
            tar --null --verbatim-files-from --no-recursion --hard-dereference -T "$l" -cf - 2>> "$e"; r=$?; wait; printf '\0' >&2; cat "$e" >&2; exit $r
            """;
        var wanted = files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        await using var command = await shell.StartAsync(script, cancellationToken: cancellationToken).ConfigureAwait(false);
        var saying = TextAsync(command.StandardError, cancellationToken);
        await command.StandardInput.WriteAsync(ShellText.List(files.Select(f => f.Path)), cancellationToken).ConfigureAwait(false);
        await command.StandardInput.DisposeAsync().ConfigureAwait(false);
        var arrived = new List<(FileEntry File, string Part, string Hash)>();
        try
        {
            await using var output = command.StandardOutput.AsStream();
            await using (var archive = new TarReader(output, leaveOpen: true))
            {
                while (await archive.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !wanted.Remove(entry.Name, out var file))
                    {
                        throw new FileTransferException(entry.Name, "the other side sent something that was not asked for.");
                    }

                    var data = entry.DataStream ?? Stream.Null; // an empty file has none
                    var part = target.NewPart(file);
                    arrived.Add((file, part, await SaveAsync(data, part, cancellationToken).ConfigureAwait(false)));
                    count.Moved(file.Path, file.Length);
                }
            }

            await output.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false); // zeros that fill the archive's last block
            var said = await saying.ConfigureAwait(false);
            var end = said.IndexOf("\0\0", StringComparison.Ordinal);
            var sums = Sums(end < 0 ? "" : said[..end]);
            var message = end < 0 ? said : said[(end + 2)..];
            if (await command.Exit.ConfigureAwait(false) is not 0 and var code)
            {
                throw Failed(root, message, code);
            }

            Commit(arrived, sums, target);
            if (wanted.Count > 0)
            {
                throw new FileTransferException(wanted.First().Key, "the other side did not send it.");
            }
        }
        finally
        {
            arrived.ForEach(a => File.Delete(a.Part));
        }
    }

    public async Task GetLargeAsync(string root, FileEntry file, LocalFolder target, bool resume, ITransferCount count, CancellationToken cancellationToken)
    {
        await using var to = target.OpenPart(file, resume);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await LocalFile.HashAsync(to, to.Length, hash, cancellationToken).ConfigureAwait(false);
        var begun = to.Length;
        count.Found(file.Path, begun);
        var script = $$"""
            cd {{ShellText.Quoted(root)}} || exit; f={{ShellText.Quoted("./" + file.Path)}}
            { s=$(sha256sum < "$f") && printf '%s' "${s%% *}" >&2; } & tail -c +{{begun + 1}} -- "$f"; r=$?; wait; exit $r
            """;
        await using var command = await shell.StartAsync(script, cancellationToken: cancellationToken).ConfigureAwait(false);
        var said = new StringBuilder();
        await foreach (var piece in command.ReadOutputAsync(cancellationToken).ConfigureAwait(false))
        {
            if (piece.Name.Equals("stderr", StringComparison.OrdinalIgnoreCase))
            {
                said.Append(Encoding.UTF8.GetString(piece.Data.Span));
                continue;
            }

            hash.AppendData(piece.Data.Span);
            await to.WriteAsync(piece.Data, cancellationToken).ConfigureAwait(false);
            count.Moved(file.Path, piece.Data.Length);
        }

        if (await command.Exit.ConfigureAwait(false) is not 0 and var code)
        {
            throw Failed(file.Path, said.ToString(), code);
        }

        var length = to.Length;
        to.Close();
        if (length != file.Length || Convert.ToHexStringLower(hash.GetHashAndReset()) != said.ToString().Trim())
        {
            File.Delete(to.Name);
            if (begun > 0)
            {
                count.Found(file.Path, -length);
                await GetLargeAsync(root, file, target, resume: false, count, cancellationToken).ConfigureAwait(false); // the part was of something else
                return;
            }

            throw Different(file.Path);
        }

        target.Commit(file, to.Name);
    }

    private static FileTransferException Different(string path) => new(path, "it changed while it was copied, or did not arrive whole; nothing was kept. Copy it again.");

    private static void Commit(List<(FileEntry File, string Part, string Hash)> arrived, Dictionary<string, string> sums, LocalFolder target)
    {
        var different = arrived.Where(a => sums.GetValueOrDefault(a.File.Path) != a.Hash).Select(a => a.File.Path).ToList();
        foreach (var (file, part, _) in arrived.Where(a => !different.Contains(a.File.Path)))
        {
            target.Commit(file, part);
        }

        if (different.Count > 0)
        {
            throw Different(string.Join(", ", different));
        }
    }

    private static async Task<string> SaveAsync(Stream data, string part, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await data.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        await using var to = new FileStream(part, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        await to.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    private static async Task<string> TextAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        using var text = new StreamReader(reader.AsStream(), Encoding.UTF8);
        return await text.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }
}
