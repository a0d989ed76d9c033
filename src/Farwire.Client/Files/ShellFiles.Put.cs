using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Farwire.Client.Shells;

namespace Farwire.Client.Files;

/// <content>From here to there.</content>
internal sealed partial class ShellFiles
{
    private const string SumsFile = ".farwire-sums";
    private const string MovesFile = ".farwire-moves";

    public async Task PutAsync(string root, IReadOnlyList<LocalFile> files, ITransferCount count, CancellationToken cancellationToken)
    {
        var script = $$"""
            set -e; cd {{ShellText.Quoted(root)}}; t=$(mktemp -d .farwire-XXXXXX); trap 'rm -rf -- "$t"' EXIT; trap 'exit 1' HUP INT TERM
            tar -xpf - --no-same-owner -C "$t"
            (cd "$t" && exec sha256sum --quiet --strict -c {{SumsFile}})
            sh "$t/{{MovesFile}}" "$t"
            """;
        await using var command = await shell.StartAsync(script, cancellationToken: cancellationToken).ConfigureAwait(false);
        var ending = EndAsync(command, root, cancellationToken);
        var feed = new CommandFeed(command, client.Options.MaxEnvelopeBytes);
        try
        {
            var sums = new StringBuilder();
            await using var archive = new TarWriter(feed, TarEntryFormat.Pax, leaveOpen: true);
            foreach (var file in files)
            {
                var bytes = await file.ReadAsync(cancellationToken).ConfigureAwait(false);
                sums.Append(ShellText.Sum(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Entry.Path));
                await WriteAsync(archive, file.Entry, bytes, cancellationToken).ConfigureAwait(false);
                count.Moved(file.Entry.Path, bytes.Length);
            }

            await WriteAsync(archive, Own(SumsFile), Encoding.UTF8.GetBytes(sums.ToString()), cancellationToken).ConfigureAwait(false);
            await WriteAsync(archive, Own(MovesFile), Encoding.UTF8.GetBytes(Moves(files)), cancellationToken).ConfigureAwait(false);
            await archive.DisposeAsync().ConfigureAwait(false);
            await feed.EndAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && ending.IsFaulted)
        {
            // Why the other side stopped taking it says more than that it did.
        }

        await ending.ConfigureAwait(false);
    }

    public async Task PutLargeAsync(string root, LocalFile file, bool resume, ITransferCount count, CancellationToken cancellationToken)
    {
        var entry = file.Entry;
        var target = ShellText.Quoted("./" + entry.Path);
        var part = ShellText.Quoted(LocalFolder.Beside("./" + entry.Path, LocalFolder.PartSuffix(entry)));
        var length = entry.Length.ToString(CultureInfo.InvariantCulture);
        await using var source = file.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var offset = resume ? await GoOnAsync(root, part, source, hash, cancellationToken).ConfigureAwait(false) : 0;
        count.Found(entry.Path, offset);

        // 1. One copy at a time: what is locked must still be what has the name, for a copy that ended meanwhile took the file away. 2. What was there before is
        // hashed again with the rest. 3. The last line of the input is the sum that must come out.
        var script = $$"""
            cd {{ShellText.Quoted(root)}} || exit; p={{part}}; busy() { echo 'another copy of this file is under way.' >&2; exit 1; }
            n=0; until exec 9>>"$p" || exit; ! command -v flock >/dev/null || flock -n 9 || busy; [ "$p" -ef /proc/self/fd/9 ]; do n=$((n+1)); [ $n -lt 9 ] || busy; done
            if [ {{offset}} != 0 ] && [ "$(stat -c %s -- "$p")" != {{offset}} ]; then [ -s "$p" ] || rm -f -- "$p"; busy; fi
            truncate -s {{offset}} -- "$p" || exit
            s=$({ [ {{offset}} = 0 ] || head -c {{offset}} -- "$p"; head -c {{entry.Length - offset}} | tee -a -- "$p"; } | sha256sum)
            read -r want; [ "$(stat -c %s -- "$p")" = {{length}} ] || { echo 'not all of it could be written.' >&2; exit 1; }
            [ "${s%% *}" = "$want" ] || { rm -f -- "$p"; echo 'what arrived is not what was sent; the part was removed.' >&2; exit 1; }
            if [ -d {{target}} ]; then echo 'a folder stands where the file shall be.' >&2; exit 1; fi
            {{(entry.Mode is { } mode ? $"chmod {ShellText.Mode(mode)} -- \"$p\" &&" : "")}} touch -m -d {{ShellText.Time(entry.Modified)}} -- "$p" && mv -fT -- "$p" {{target}}
            """;
        await using var command = await shell.StartAsync(script, cancellationToken: cancellationToken).ConfigureAwait(false);
        var ending = EndAsync(command, file.FullPath, cancellationToken);
        var feed = new CommandFeed(command, client.Options.MaxEnvelopeBytes);
        try
        {
            source.Position = offset;
            var sum = await file.CopyToAsync(source, hash, SendAsync, cancellationToken).ConfigureAwait(false);
            await feed.WriteAsync(Encoding.ASCII.GetBytes(sum + "\n"), cancellationToken).ConfigureAwait(false);
            await feed.EndAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FileTransferException) && ending.IsFaulted)
        {
            // Why the other side stopped taking it says more than that it did.
        }

        await ending.ConfigureAwait(false);

        async ValueTask SendAsync(ReadOnlyMemory<byte> piece)
        {
            await feed.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            count.Moved(entry.Path, piece.Length);
        }
    }

    // The part of an earlier copy counts as far as it is the beginning of this source.
    private async Task<long> GoOnAsync(string root, string part, FileStream source, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var script = $"cd {ShellText.Quoted(root)} && p={part} && if [ -s \"$p\" ]; then {{ stat -c %s -- \"$p\" && sha256sum < \"$p\"; }} 2>/dev/null || true; fi"; // it may go away meanwhile
        var words = (await RunAsync(script, default, root, cancellationToken).ConfigureAwait(false)).StandardOutput.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || long.Parse(words[0], CultureInfo.InvariantCulture) is var length && length > source.Length)
        {
            return 0;
        }

        using var begun = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await LocalFile.HashAsync(source, length, begun, cancellationToken).ConfigureAwait(false);
        if (Convert.ToHexStringLower(begun.GetCurrentHash()) != words[1])
        {
            return 0;
        }

        source.Position = 0;
        await LocalFile.HashAsync(source, length, hash, cancellationToken).ConfigureAwait(false);
        return length;
    }

    private static async Task EndAsync(RemoteCommand command, string about, CancellationToken cancellationToken)
    {
        var said = new StringBuilder();
        await foreach (var piece in command.ReadOutputAsync(cancellationToken).ConfigureAwait(false))
        {
            said.Append(Encoding.UTF8.GetString(piece.Data.Span));
        }

        if (await command.Exit.ConfigureAwait(false) is not 0 and var code)
        {
            throw Failed(about, said.ToString(), code);
        }
    }

    private static FileEntry Own(string name) => new(name, FileKind.File, 0, DateTimeOffset.UnixEpoch);

    private static async Task WriteAsync(TarWriter archive, FileEntry file, byte[] bytes, CancellationToken cancellationToken)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, file.Path) { ModificationTime = file.Modified, DataStream = new MemoryStream(bytes, writable: false) };
        if (file.Mode is { } mode)
        {
            entry.Mode = mode;
        }

        await archive.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    // mv -t FOLDER, one line for the files of a folder or for as many as fit.
    private static string Moves(IReadOnlyList<LocalFile> files)
    {
        var script = new StringBuilder("r=0\n");
        foreach (var folder in files.GroupBy(f => f.Entry.Path.Contains('/', StringComparison.Ordinal) ? f.Entry.Path[..f.Entry.Path.LastIndexOf('/')] : ""))
        {
            var begin = $"mv -f -t {ShellText.Quoted("./" + folder.Key)} --";
            var line = new StringBuilder(begin);
            foreach (var file in folder)
            {
                if (line.Length > ArgumentCharacters)
                {
                    script.Append(line).Append(" || r=1\n");
                    line.Clear().Append(begin);
                }

                line.Append(" \"$1\"/").Append(ShellText.Quoted(file.Entry.Path));
            }

            script.Append(line).Append(" || r=1\n");
        }

        return script.Append("exit $r\n").ToString();
    }
}
