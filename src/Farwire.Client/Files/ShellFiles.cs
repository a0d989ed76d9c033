using System.Globalization;
using System.Text;
using Farwire.Client.Shells;

namespace Farwire.Client.Files;

/// <summary>The files of a Linux machine, by its command shell: find, tar, sha256sum, mv and the like, each of GNU.</summary>
/// <remarks>
/// Many small files go as one archive. 1. It is unpacked into a folder of its own beside the target. 2. The sums are compared there. 3. The files are moved
/// to their names, on the same file system, so each is there whole or not at all. Large files grow beside their name, so that a cut copy can go on.
/// </remarks>
internal sealed partial class ShellFiles(WSManClient client, RemoteShell shell) : IRemoteFiles
{
    private const int ArgumentCharacters = 60_000; // of the line that moves files; systems take 128 KiB in one word and far more in all

    public async Task<IReadOnlyList<string>> ExpandAsync(string pattern, CancellationToken cancellationToken)
    {
        var path = ShellText.WithHome(pattern, ShellText.Quoted);
        var script = $$"""
            p={{path}}; if [ -e "$p" ] || [ -L "$p" ]; then set -- "$p"; else set -- {{ShellText.WithHome(pattern, ShellText.Pattern)}}; fi
            for f; do case $f in /*) printf '%s\0' "$f";; *) printf '%s/%s\0' "$PWD" "$f";; esac; done
            """;
        var outcome = await RunAsync(script, default, pattern, cancellationToken).ConfigureAwait(false);
        return outcome.StandardOutput.Split('\0')[..^1];
    }

    public async Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var script = $$"""
            p={{ShellText.Quoted(path)}}; if [ -e "$p" ] || [ -L "$p" ]; then exec find -H "$p" -printf '%y\0%s\0%T@\0%m\0%P\0%l\0'; fi
            """;
        var outcome = await RunAsync(script, default, path, cancellationToken).ConfigureAwait(false);
        var fields = outcome.StandardOutput.Split('\0');
        var found = new List<FileEntry>();
        for (var i = 0; i + 5 < fields.Length; i += 6)
        {
            var kind = fields[i] switch { "f" => FileKind.File, "d" => FileKind.Folder, "l" => FileKind.Link, _ => FileKind.Other };
            found.Add(new FileEntry(fields[i + 4], kind, long.Parse(fields[i + 1], CultureInfo.InvariantCulture), ShellText.ParseTime(fields[i + 2]))
            {
                Mode = (UnixFileMode)Convert.ToInt32(fields[i + 3], 8),
                LinkTarget = kind == FileKind.Link ? fields[i + 5] : null,
            });
        }

        return found;
    }

    public async Task<IReadOnlyList<string?>> HashAsync(string root, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        // One that cannot be read is left out, and told on the side.
        var outcome = await shell.RunAsync($"cd {ShellText.Quoted(root)} && xargs -0 -r sha256sum -z --", ShellText.List(paths), cancellationToken: cancellationToken).ConfigureAwait(false);
        var sums = Sums(outcome.StandardOutput);
        return [.. paths.Select(p => sums.GetValueOrDefault(p))];
    }

    public Task MakeFoldersAsync(string root, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        // What a copy left behind that was killed a day ago is nobody's any more.
        var script = $$"""
            mkdir -p -- {{ShellText.Quoted(root)}} && cd {{ShellText.Quoted(root)}} && xargs -0 -r mkdir -p -- &&
            find . -maxdepth 1 -type d -name '.farwire-??????' -mtime +0 -exec rm -rf -- {} +
            """;
        return RunAsync(script, ShellText.List(paths.Select(p => "./" + p)), root, cancellationToken);
    }

    public Task FinishAsync(string root, IReadOnlyList<FileEntry> links, IReadOnlyList<FileEntry> folders, CancellationToken cancellationToken)
    {
        var script = new StringBuilder("r=0\n");
        foreach (var link in links)
        {
            var name = ShellText.Quoted("./" + link.Path);
            var part = ShellText.Quoted(LocalFolder.Beside("./" + link.Path, LocalFolder.NewPartSuffix(link)));
            script.Append(CultureInfo.InvariantCulture, $"ln -sfn -- {ShellText.Quoted(link.LinkTarget ?? "")} {part} && mv -fT -- {part} {name} || r=1\n");
        }

        foreach (var folder in folders.OrderByDescending(f => f.Path.Length))
        {
            var name = ShellText.Quoted("./" + folder.Path);
            script.Append(folder.Mode is { } mode ? $"chmod {ShellText.Mode(mode)} -- {name} || r=1\n" : "");
            script.Append(CultureInfo.InvariantCulture, $"touch -m -d {ShellText.Time(folder.Modified)} -- {name} || r=1\n");
        }

        return links.Count + folders.Count == 0
            ? Task.CompletedTask
            : RunAsync($"cd {ShellText.Quoted(root)} && exec sh -s", Encoding.UTF8.GetBytes(script.Append("exit $r\n").ToString()), root, cancellationToken);
    }

    public ValueTask DisposeAsync() => shell.DisposeAsync();

    private static Dictionary<string, string> Sums(string text)
    {
        const int hashLength = 64;
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\0'))
        {
            if (line.Length > hashLength + 2)
            {
                sums[line[(hashLength + 2)..]] = line[..hashLength];
            }
        }

        return sums;
    }

    private async Task<CommandOutcome> RunAsync(string script, ReadOnlyMemory<byte> input, string about, CancellationToken cancellationToken)
    {
        // Without input nothing ends it either: what reads all the same would wait for ever.
        var outcome = await shell.RunAsync(input.IsEmpty ? "exec < /dev/null\n" + script : script, input, cancellationToken: cancellationToken).ConfigureAwait(false);
        return outcome.ExitCode == 0 ? outcome : throw Failed(about, outcome.StandardError + outcome.StandardOutput, outcome.ExitCode);
    }

    // What the programs there said is what the user would see there.
    private static FileTransferException Failed(string about, string said, int code) => new(about, said.Trim() is { Length: > 0 } text
        ? text[..Math.Min(text.Length, 2000)]
        : string.Create(CultureInfo.InvariantCulture, $"the other side ended with the code {code} and without a word."));
}
