using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Farwire.Peers.Tests;

/// <summary>farwire cp from outside, to and from the built service on Linux.</summary>
public sealed class CopyTests(RunningService service) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-cp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Feature", "FIL-01")]
    public async Task A_tree_goes_there_and_back_with_its_names_times_permissions_and_links()
    {
        var source = await TreeAsync();

        var up = await CopyAsync(source, $":{_folder}/there");
        var down = await CopyAsync($":{_folder}/there", $"{_folder}/back");

        Assert.Equal((0, 0), (up.ExitCode, down.ExitCode));
        var expected = await ListedAsync(source);
        Assert.Contains("'\"ü€ $(x) `y` *?[z].txt", expected, StringComparison.Ordinal);
        Assert.Equal(expected, await ListedAsync($"{_folder}/there"));
        Assert.Equal(expected, await ListedAsync($"{_folder}/back"));
    }

    [Fact]
    [Trait("Feature", "FIL-01")]
    public async Task Single_files_patterns_and_several_sources_go_where_cp_would_put_them()
    {
        foreach (var name in (string[])["a.log", "b.log", "c.txt"])
        {
            await File.WriteAllTextAsync($"{_folder}/{name}", name);
        }

        Directory.CreateDirectory($"{_folder}/in");
        Assert.Equal(0, (await CopyAsync($"{_folder}/a.log", $":{_folder}/renamed")).ExitCode); // a name
        Assert.Equal(0, (await CopyAsync($"{_folder}/a.log", $":{_folder}/in")).ExitCode); // a folder that is there
        Assert.Equal(0, (await CopyAsync($"{_folder}/*.log", $"{_folder}/c.txt", $":{_folder}/made")).ExitCode); // a folder that is made
        Assert.Equal(0, (await CopyAsync($":{_folder}/*.log", $"{_folder}/here")).ExitCode);
        Assert.Equal(0, (await CopyAsync($":{_folder}/c.txt", $"{_folder}/here/d.txt")).ExitCode);
        var nothing = await CopyAsync($":{_folder}/*.no", $"{_folder}/here");
        var both = await CopyAsync(":a", ":b");

        Assert.Equal("a.log", await File.ReadAllTextAsync($"{_folder}/renamed"));
        Assert.Equal(["a.log"], Names("in"));
        Assert.Equal(["a.log", "b.log", "c.txt"], Names("made"));
        Assert.Equal(["a.log", "b.log", "d.txt"], Names("here"));
        Assert.Equal((1, 64), (nothing.ExitCode, both.ExitCode));
        Assert.Contains("there is nothing of this name", nothing.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tee", true)]
    [InlineData("tail", false)]
    [Trait("Feature", "FIL-01")]
    public async Task A_byte_that_changes_on_its_way_is_found_and_the_target_stays_as_it_was(string program, bool isUpload)
    {
        // The program that writes or reads there is one that spoils a byte.
        await using var spoiling = await SpoiledAsync(program, $"/usr/bin/{program} \"$@\" | LC_ALL=C tr '\\000' '\\001'");
        var (from, to) = (Large("from"), $"{_folder}/to");
        await File.WriteAllTextAsync(to, "old");

        var outcome = isUpload ? await CopyAsync(spoiling, from, ":" + to) : await CopyAsync(spoiling, ":" + from, to);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches("what arrived is not what was sent|did not arrive whole", outcome.Errors);
        Assert.Equal("old", await File.ReadAllTextAsync(to));
        Assert.Equal(["from", "to", "tools"], Names("")); // no part either
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "FIL-01")]
    [Trait("Feature", "FIL-02")]
    public async Task A_copy_that_is_interrupted_leaves_the_target_alone_and_goes_on_from_there(bool isUpload)
    {
        const long length = 300_000_000;
        var (from, to) = ($"{_folder}/from", $"{_folder}/to");
        await using (var file = File.Create(from))
        {
            await file.WriteAsync(RandomNumberGenerator.GetBytes(1_000_000));
            file.SetLength(length); // holes are read as zeros
        }

        await File.WriteAllTextAsync(to, "old");
        var (source, target) = isUpload ? (from, ":" + to) : (":" + from, to);
        using var copying = Process.Start(new ProcessStartInfo("/usr/bin/env", ["--default-signal", RunningService.Program("farwire"), "cp", "-o", "json", "--connect", service.ConnectionFile, source, target]) { RedirectStandardError = true })!;
        while (!(Part() is { Length: > 5_000_000 }))
        {
            Assert.False(copying.HasExited, "it was over too soon");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await Commands.RunAsync("kill", ["-INT", copying.Id.ToString(CultureInfo.InvariantCulture)]);
        var said = await copying.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await copying.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, copying.ExitCode);
        Assert.Contains("goes on from here", said, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(to, TestContext.Current.CancellationToken));
        var begun = Part()!.Length;
        var outcome = await CopyAsync("-o", "json", source, target);

        Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
        var bytes = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("bytes").GetInt64();
        Assert.InRange(bytes, 1, length - begun);
        Assert.Equal(await HashAsync(from), await HashAsync(to));
        Assert.Null(Part());

        FileInfo? Part() => new DirectoryInfo(_folder).GetFiles(".to.farwire-*").SingleOrDefault();
    }

    [Fact]
    [Trait("Feature", "FIL-02")]
    public async Task What_is_there_already_is_kept_and_what_is_not_is_copied()
    {
        var source = await TreeAsync();
        Assert.Equal(0, (await CopyAsync(source, $":{_folder}/there")).ExitCode);
        var files = Directory.GetFiles($"{_folder}/there", "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });
        var changed = $"{_folder}/there/sub/7";
        var time = File.GetLastWriteTimeUtc(changed);
        await File.WriteAllTextAsync(changed, "FILE 7"); // as long and as old as before, and yet another
        File.SetLastWriteTimeUtc(changed, time);
        File.Delete($"{_folder}/there/sub/8");

        Directory.Move($"{_folder}/there", $"{_folder}/to");
        Directory.CreateDirectory($"{_folder}/in");
        Directory.Move($"{_folder}/to", $"{_folder}/in/source");
        var dry = Counts(await CopyAsync("--dry-run", "-o", "json", source, $":{_folder}/in"));
        var second = Counts(await CopyAsync("-o", "json", source, $":{_folder}/in"));
        var third = Counts(await CopyAsync("-o", "json", $":{_folder}/in/source", _folder));
        var fresh = Counts(await CopyAsync("--fresh", "-o", "json", source, $":{_folder}/in"));

        Assert.Equal((2, files.Length - 2), dry);
        Assert.Equal((2, files.Length - 2), second);
        Assert.Equal((0, files.Length), third);
        Assert.Equal((files.Length, 0), fresh);
        Assert.Equal(await ListedAsync(source), await ListedAsync($"{_folder}/in/source"));
    }

    [Fact]
    [Trait("Feature", "FIL-02")]
    public async Task Several_shells_work_side_by_side()
    {
        // Each archive waits there until three are being unpacked at once.
        await using var waiting = await SpoiledAsync(
            "tar", $"mkdir -p {_folder}/met; : > {_folder}/met/$$; for i in $(seq 200); do [ $(ls {_folder}/met | wc -l) -ge 3 ] && break; sleep 0.05; done; [ $(ls {_folder}/met | wc -l) -ge 3 ] && exec /usr/bin/tar \"$@\"");
        Directory.CreateDirectory($"{_folder}/many");
        for (var i = 0; i < 300; i++)
        {
            await File.WriteAllTextAsync($"{_folder}/many/{i}", $"{i}");
        }

        var outcome = await CopyAsync(waiting, "--parallel", "3", $"{_folder}/many", $":{_folder}/there");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(300, Directory.GetFiles($"{_folder}/there").Length);
    }

    [Fact]
    [Trait("Feature", "FIL-02")]
    public async Task At_a_terminal_progress_tells_rate_and_time_left()
    {
        var from = Large("from");
        var outcome = await new TerminalSession(120, RunningService.Program("farwire"), "cp", "--connect", service.ConnectionFile, from, $":{_folder}/to")
            .See(" MB/s ").See(" left ").See("1 copied").RunAsync();

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.Matches(@"\d+ %  \d+\.\d/\d+\.\d MB  [01]/1 files  \d+\.\d MB/s  \d+:\d\d left  to", TerminalSession.Plain(outcome.Output));
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_and_the_rest_is_copied()
    {
        Directory.CreateDirectory($"{_folder}/source");
        foreach (var name in (string[])["good", "folder"])
        {
            await File.WriteAllTextAsync($"{_folder}/source/{name}", name);
        }

        Large("source/large");
        Directory.CreateDirectory($"{_folder}/to/source/folder/in"); // stands where a file shall be
        Directory.CreateDirectory($"{_folder}/to/source/large");
        await Commands.RunAsync("mkfifo", [$"{_folder}/source/pipe"]);

        var outcome = await CopyAsync($"{_folder}/source", $":{_folder}/to");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("a folder stands where the file shall be", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("devices, pipes and sockets are not copied", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal("good", await File.ReadAllTextAsync($"{_folder}/to/source/good"));
    }

    [Fact]
    public async Task A_full_target_is_an_error_and_leaves_nothing_under_the_name()
    {
        Assert.SkipUnless((await Commands.RunAsync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", Directory.CreateDirectory($"{_folder}/small").FullName])).ExitCode == 0, "no file system can be mounted here");
        try
        {
            var large = await CopyAsync(Large("from"), $":{_folder}/small/to");

            Assert.Equal(1, large.ExitCode);
            Assert.False(File.Exists($"{_folder}/small/to"));
        }
        finally
        {
            await Commands.RunAsync("umount", [$"{_folder}/small"]);
        }
    }

    [Fact]
    public async Task Two_copies_of_the_same_file_at_once_end_with_the_file_whole()
    {
        var from = Large("from");

        var both = await Task.WhenAll(CopyAsync(from, $":{_folder}/to"), CopyAsync(from, $":{_folder}/to"));

        Assert.Contains(0, both.Select(o => o.ExitCode));
        Assert.All(both.Where(o => o.ExitCode != 0), o => Assert.Contains("another copy of this file is under way", o.Errors, StringComparison.Ordinal));
        Assert.Equal(await HashAsync(from), await HashAsync($"{_folder}/to"));
    }

    private static async Task<string> HashAsync(string file) => (await Commands.RunAsync("sha256sum", [file])).Output[..64];

    private static (int Copied, int Kept) Counts(Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var counts = JsonDocument.Parse(outcome.Output).RootElement;
        return (counts.GetProperty("copied").GetInt32(), counts.GetProperty("kept").GetInt32());
    }

    private string[] Names(string folder) => [.. new DirectoryInfo($"{_folder}/{folder}").GetFileSystemInfos().Select(f => f.Name).Order(StringComparer.Ordinal)];

    private string Large(string name)
    {
        var bytes = new byte[20_000_000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes($"{_folder}/{name}", bytes);
        return $"{_folder}/{name}";
    }

    // Paths, kinds, permissions, times to the microsecond, sums and links.
    private static async Task<string> ListedAsync(string folder) => (await Commands.RunAsync("/bin/sh", ["-c", """
        cd "$0" && find . -mindepth 1 -printf '%p %y %m %l ' -exec sh -c 'if [ -f "$1" ] && [ ! -L "$1" ]; then sha256sum < "$1"; else echo; fi' - {} \; | sort
        find . -mindepth 1 ! -type l -printf '%p %.26T+\n' | sort
        """, folder])).Output;

    private async Task<string> TreeAsync()
    {
        var source = $"{_folder}/source";
        Directory.CreateDirectory($"{source}/sub/deep er");
        Directory.CreateDirectory($"{source}/empty folder");
        for (var i = 0; i < 100; i++)
        {
            await File.WriteAllTextAsync($"{source}/sub/{i}", $"file {i}");
        }

        foreach (var name in (string[])["-dash", "'\"ü€ $(x) `y` *?[z].txt", "new\nline\\back", new string('n', 255), ".hidden", " blank "])
        {
            await File.WriteAllTextAsync($"{source}/sub/deep er/{name}", name);
        }

        await File.WriteAllBytesAsync($"{source}/nothing", []);
        Large("source/large");
        File.CreateSymbolicLink($"{source}/link", "sub/1");
        File.CreateSymbolicLink($"{source}/loop", ".");
        File.CreateSymbolicLink($"{source}/nowhere", "/no/where");
        await Commands.RunAsync("chmod", ["750", $"{source}/sub/1", $"{source}/sub/deep er"]);
        await Commands.RunAsync("touch", ["-d", "2001-02-03 04:05:06.789012", $"{source}/sub/2", $"{source}/large", $"{source}/empty folder"]);
        return source;
    }

    private Task<Outcome> CopyAsync(params string[] words) => CopyAsync(service, words);

    private static Task<Outcome> CopyAsync(RunningService at, params string[] words) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["cp", "--connect", at.ConnectionFile, .. words]);

    // A service whose shells find another program under a name.
    private async Task<RunningService> SpoiledAsync(string program, string script)
    {
        var tools = Directory.CreateDirectory($"{_folder}/tools").FullName;
        await File.WriteAllTextAsync($"{tools}/{program}", "#!/bin/sh\n" + script + "\n");
        await Commands.RunAsync("chmod", ["755", $"{tools}/{program}"]);
        var spoiled = new RunningService { Settings = new Dictionary<string, string> { ["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}" } };
        await spoiled.InitializeAsync();
        return spoiled;
    }
}
