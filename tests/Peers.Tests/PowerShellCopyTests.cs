using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Farwire.Peers.Tests;

/// <summary>farwire cp by pipelines of PowerShell itself, the way it goes on Windows, and what both ways say of a source that changes.</summary>
[Collection(nameof(RealPowerShellTests))]
public sealed class PowerShellCopyTests(RealPowerShell real) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-pscp-").FullName;
    private long _length = 60_000_000; // by PowerShell that takes seconds

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "FIL-02")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task A_copy_that_is_interrupted_goes_on_from_there(bool isUpload)
    {
        var (from, to) = (await LargeAsync(), $"{_folder}/to");
        await File.WriteAllTextAsync(to, "old", TestContext.Current.CancellationToken);
        var (source, target) = isUpload ? (from, ":" + to) : (":" + from, to);
        using var copying = Start("powershell", source, target);
        await PausedAsync(copying);

        await SignalAsync(copying, "-INT");
        await SignalAsync(copying, "-CONT");
        var said = await copying.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await copying.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(copying.ExitCode == 130, said);
        Assert.Equal("old", await File.ReadAllTextAsync(to, TestContext.Current.CancellationToken));
        var begun = Part()!.Length;
        var outcome = await CopyAsync("powershell", "-o", "json", source, target);

        Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
        Assert.InRange(JsonDocument.Parse(outcome.Output).RootElement.GetProperty("bytes").GetInt64(), 0, _length - begun);
        Assert.Equal(await HashAsync(from), await HashAsync(to));
        Assert.Null(Part());
    }

    [Theory]
    [InlineData("powershell", true)]
    [InlineData("powershell", false)]
    [InlineData("shell", true)]
    [Trait("Feature", "FIL-01")]
    public async Task A_source_that_changes_while_it_is_copied_is_told_and_the_target_stays_as_it_was(string method, bool isUpload)
    {
        _length = method == "shell" ? 300_000_000 : _length;
        var (from, to) = (await LargeAsync(), $"{_folder}/to");
        await File.WriteAllTextAsync(to, "old", TestContext.Current.CancellationToken);
        using var copying = isUpload ? Start(method, from, ":" + to) : Start(method, ":" + from, to);
        await PausedAsync(copying);

        // The first bytes, which are copied already.
        await using (var changed = new FileStream(from, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            await changed.WriteAsync(RandomNumberGenerator.GetBytes(1000), TestContext.Current.CancellationToken);
        }

        await SignalAsync(copying, "-CONT");
        var said = await copying.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await copying.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(copying.ExitCode == 1, said);
        Assert.Matches("it changed while it was copied|what arrived is not what was sent|did not arrive whole", said);
        Assert.Equal("old", await File.ReadAllTextAsync(to, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Feature", "FIL-01")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Two_copies_of_the_same_files_at_once_both_end_with_all_of_them()
    {
        await LargeAsync();
        var source = Directory.CreateDirectory($"{_folder}/source").FullName;
        File.Move($"{_folder}/from", $"{source}/large");
        File.CreateSymbolicLink($"{source}/link", "large");
        for (var i = 0; i < 50; i++)
        {
            await File.WriteAllTextAsync($"{source}/{i}", $"{i}", TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory($"{_folder}/there");
        Directory.CreateDirectory($"{_folder}/back");
        var up = await Task.WhenAll(CopyAsync("powershell", source, $":{_folder}/there"), CopyAsync("powershell", source, $":{_folder}/there"));
        var down = await Task.WhenAll(CopyAsync("powershell", $":{_folder}/there/source", $"{_folder}/back"), CopyAsync("powershell", $":{_folder}/there/source", $"{_folder}/back"));

        Assert.All([.. up, .. down], o => Assert.True(o.ExitCode == 0, o.Errors));
        Assert.Equal("", (await Commands.RunAsync("diff", ["-r", "--no-dereference", source, $"{_folder}/there/source"])).Output);
        Assert.Equal("", (await Commands.RunAsync("diff", ["-r", "--no-dereference", source, $"{_folder}/back/source"])).Output);
    }

    [Fact]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task The_scripts_of_a_copy_hold_nothing_that_only_newer_versions_read()
    {
        // Version 3 knows no ternary, no pipeline chain, no null operators, no class, no method new.
        const string parse = """
            $bad = 'TernaryExpressionAst', 'PipelineChainAst', 'TypeDefinitionAst', 'UsingStatementAst'
            foreach ($f in Get-ChildItem $args[0]) {
                $tokens = $errors = $null
                $ast = [Management.Automation.Language.Parser]::ParseFile($f.FullName, [ref]$tokens, [ref]$errors)
                $errors | ForEach-Object { "$($f.Name): $_" }
                $ast.FindAll({ param($a) $a.GetType().Name -in $bad -or ($a -is [Management.Automation.Language.InvokeMemberExpressionAst] -and "$($a.Member)" -eq 'new') }, $true) | ForEach-Object { "$($f.Name): $_" }
                $tokens | Where-Object { "$($_.Kind)" -match '^QuestionQuestion|^QuestionDot|^QuestionLBracket|^AndAnd|^OrOr' } | ForEach-Object { "$($f.Name): $_" }
                'read'
            }
            """;
        var scripts = Path.Combine(RunningService.Root, "tests", "Client.Tests", "Files", "Scripts");
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["run", "--connect", real.Service.ConnectionFile, "--powershell", $"& {{ {parse} }} '{scripts}'"]);

        Assert.Equal(string.Concat(Enumerable.Repeat("read\n", Directory.GetFiles(scripts).Length)), outcome.Output);
    }

    private static async Task<string> HashAsync(string file) => (await Commands.RunAsync("sha256sum", [file])).Output[..64];

    private static Task<Outcome> SignalAsync(Process process, string signal) => Commands.RunAsync("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);

    private FileInfo? Part() => new DirectoryInfo(_folder).GetFiles(".to.farwire-*").SingleOrDefault();

    // Stopped in the middle; the copy yields to the test where both want the processor.
    private async Task PausedAsync(Process copying)
    {
        while (!(Part() is { Length: > 2_000_000 }))
        {
            Assert.False(copying.HasExited, "it was over too soon");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await SignalAsync(copying, "-STOP");
        Assert.InRange(Part()!.Length, 2_000_000, _length - 1);
    }

    // Random first, then holes, which are read as zeros.
    private async Task<string> LargeAsync()
    {
        await using var file = File.Create($"{_folder}/from");
        await file.WriteAsync(RandomNumberGenerator.GetBytes(1_000_000));
        file.SetLength(_length);
        return file.Name;
    }

    private Process Start(string method, params string[] words) => Process.Start(new ProcessStartInfo(
        "/usr/bin/env", ["--default-signal", "nice", "-n", "19", RunningService.Program("farwire"), "cp", "--method", method, "--connect", real.Service.ConnectionFile, .. words]) { RedirectStandardError = true })!;

    private Task<Outcome> CopyAsync(string method, params string[] words) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["cp", "--method", method, "--connect", real.Service.ConnectionFile, .. words]);
}
