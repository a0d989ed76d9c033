namespace Farwire.Peers.Tests;

/// <summary>farwire run --powershell and --file, against PowerShell itself.</summary>
[Collection(nameof(RealPowerShellTests))]
public sealed class PowerShellRunTests(RealPowerShell real) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-ps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Objects_are_shown_as_PowerShell_shows_them_or_as_table_list_json_and_csv()
    {
        const string objects = "[pscustomobject]@{ Name = 'ü'; Size = 7; When = [datetime]::new(2020, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); Sub = @{ a = 1, 2 } }, [pscustomobject]@{ Name = 'a,\"b'; Size = $null; When = $null; Sub = $null }";

        Assert.Matches("^\nName +Size When +Sub\n-+ +-+ -+ +-+\nü +7 .*\na,\"b", (await RunAsync("--powershell", objects)).Output);
        Assert.Equal(
            "Name Size When                Sub\n---- ---- ----                ---\nü       7 2020-01-02 03:04:05 {[a, {1, 2}]}\na,\"b\n", (await RunAsync("-o", "table", "--powershell", objects)).Output);
        Assert.StartsWith("Name : ü\nSize : 7\n", (await RunAsync("-o", "list", "--powershell", objects)).Output, StringComparison.Ordinal);
        Assert.Equal(
            "{\"Name\":\"ü\",\"Size\":7,\"When\":\"2020-01-02T03:04:05Z\",\"Sub\":{\"a\":[1,2]}}\n{\"Name\":\"a,\\\"b\",\"Size\":null,\"When\":null,\"Sub\":null}\n",
            (await RunAsync("-o", "json", "--powershell", objects)).Output);
        Assert.Equal("Name,Size,When,Sub\nü,7,2020-01-02 03:04:05,\"{[a, {1, 2}]}\"\n\"a,\"\"b\",,,\n", (await RunAsync("-o", "csv", "--powershell", objects)).Output);
    }

    [Fact]
    [Trait("Feature", "PSC-02")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Errors_warnings_and_progress_are_drawn_here_beside_the_output()
    {
        const string script = "'out'; Write-Error 'wrong'; Write-Warning 'careful'; Write-Progress -Activity Work -PercentComplete 5; Write-Host 'said'; Get-Item /no/where";

        var text = await RunAsync("--powershell", script);
        var json = await RunAsync("-o", "json", "--powershell", script);

        Assert.Equal((0, "out\nsaid\n"), (text.ExitCode, text.Output));
        Assert.Matches("^wrong\n(.|\n)*WARNING: careful\n(.|\n)*Get-Item: Cannot find path '/no/where' because it does not exist.\n    \\+ ObjectNotFound", text.Errors);
        Assert.Equal("\"out\"\n", json.Output);
        Assert.Contains("{\"error\":{\"message\":\"wrong\"", json.Errors, StringComparison.Ordinal);
        Assert.Contains("{\"warning\":\"careful\"}\n", json.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("CLIXML", text.Errors + json.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("Write-Error 'goes on'", 0)]
    [InlineData("throw 'ends'", 1)]
    [InlineData("if (", 1)]
    [InlineData("exit 9", 9)]
    [InlineData("/bin/sh -c 'exit 5'", 5)]
    [InlineData("/bin/sh -c 'exit 5'; /bin/true", 0)]
    [InlineData("/bin/sh -c 'exit 5'; throw 'x'", 1)]
    public async Task The_exit_code_is_that_of_what_ended_it(string script, int code) =>
        Assert.Equal(code, (await RunAsync("--powershell", script)).ExitCode);

    [Fact]
    public async Task A_script_of_this_machine_gets_its_arguments_and_input()
    {
        var script = Path.Combine(_folder, "script.ps1");
        await File.WriteAllTextAsync(script, "param([int]$Count, [switch]$Force, [string[]]$Rest)\n\"$($Count + 1) $Force $Rest $(@($input) -join '+')\"\n");

        var named = await RunAsync("--file", script, "--", "-Count", "4", "-Force", "a b");
        var placed = await RunAsync("--file", script, "--", "4", "-Force:$false");
        var fed = await Commands.RunAsync(RunningService.Program("farwire"), ["run", "--connect", real.Service.ConnectionFile, "--stdin", "--file", script], "x\nü\n"u8.ToArray());
        var missing = await RunAsync("--file", Path.Combine(_folder, "no.ps1"));

        Assert.Equal(["5 True a b \n", "5 False  \n", "1 False  x+ü\n"], [named.Output, placed.Output, fed.Output]);
        Assert.Equal(64, missing.ExitCode);
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task An_endpoint_without_language_takes_commands_that_were_taken_apart_here()
    {
        var told = await RunAsync("--configuration", "Limited", "-o", "csv", "--", "Get-Date -Year 2020 -Month 1 -Day 2 -Hour 3 -Minute 4 -Second 5; Get-Process -Id 1 | Measure-Object");
        var code = await RunAsync("--configuration", "Limited", "--powershell", "$x = 1");
        var words = await RunAsync("--configuration", "Limited", "--", "Get-Date $(1)");
        var nowhere = await RunAsync("--configuration", "Nobody", "Get-Date");

        Assert.Equal(0, told.ExitCode);
        Assert.StartsWith("Value\n2020-01-02 03:04:05", told.Output, StringComparison.Ordinal);
        Assert.Equal(1, code.ExitCode);
        Assert.Contains("ScriptsNotAllowed", code.Errors, StringComparison.Ordinal);
        Assert.Equal((64, 70), (words.ExitCode, nowhere.ExitCode));
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task A_prompt_without_a_terminal_is_an_error_of_the_script_and_does_not_hang()
    {
        var outcome = await RunAsync("--powershell", "Read-Host name; 'after'");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("there is nobody to ask", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shell")]
    [InlineData("powershell")]
    public async Task Both_ways_of_copying_give_the_same_files(string method)
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "source", "sub $x 'y' ü")).FullName;
        var large = new byte[9_000_000];
        new Random(2).NextBytes(large);
        await File.WriteAllBytesAsync(Path.Combine(source, "large"), large);
        await File.WriteAllBytesAsync(Path.Combine(source, "empty"), []);
        for (var i = 0; i < 20; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(source, $"-{i} [x].txt"), $"{i}");
        }

        File.CreateSymbolicLink(Path.Combine(source, "link"), "large");
        await Commands.RunAsync("touch", ["-d", "2001-02-03 04:05:06.789012", Path.Combine(source, "large"), source]);
        string[] words = ["cp", "--method", method, "--connect", real.Service.ConnectionFile];

        var up = await Commands.RunAsync(RunningService.Program("farwire"), [.. words, $"{_folder}/source", $":{_folder}/there"]);
        var down = await Commands.RunAsync(RunningService.Program("farwire"), [.. words, $":{_folder}/there", $"{_folder}/back"]);
        var again = await Commands.RunAsync(RunningService.Program("farwire"), [.. words, "--dry-run", $":{_folder}/there", $"{_folder}/back/../back/."]);

        Assert.True((up.ExitCode, down.ExitCode, again.ExitCode) == (0, 0, 0), up.Errors + down.Errors + again.Errors);
        Assert.Equal("", (await Commands.RunAsync("diff", ["-r", "--no-dereference", $"{_folder}/source", $"{_folder}/there"])).Output);
        Assert.Equal("", (await Commands.RunAsync("diff", ["-r", "--no-dereference", $"{_folder}/source", $"{_folder}/back"])).Output);
        Assert.Equal(new DateTime(2001, 2, 3, 4, 5, 6, 789, 12, DateTimeKind.Utc), File.GetLastWriteTimeUtc($"{_folder}/back/sub $x 'y' ü/large"));
        Assert.Equal(new DateTime(2001, 2, 3, 4, 5, 6, 789, 12, DateTimeKind.Utc), Directory.GetLastWriteTimeUtc($"{_folder}/there/sub $x 'y' ü"));
    }

    [Fact]
    public Task Every_transcript_of_the_guide_shows_what_happens() => OperatorGuideTests.HoldAsync("powershell.md", real.Service);

    private Task<Outcome> RunAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["run", "--connect", real.Service.ConnectionFile, .. words]);
}
