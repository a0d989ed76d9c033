using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>quickstart.sh as a stranger runs it the second time.</summary>
public sealed class QuickstartTests : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("farwire-quickstart-test-").FullName;

    [Fact]
    public async Task It_shows_each_command_above_its_output_and_leaves_nothing_behind()
    {
        var outcome = await RunAsync();

        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        Assert.Equal("", outcome.Errors);
        var parts = Regex.Split(outcome.Output, @"^\$ (farwire .*|printf .*)$", RegexOptions.Multiline);
        var shown = parts.Skip(1).Chunk(2).Select(pair => (Command: pair[0], Output: pair[1].TrimStart('\n'))).ToList();
        Assert.Collection(
            shown,
            identify => Assert.StartsWith("IdentifyResponse\n    ProtocolVersion = ", identify.Output, StringComparison.Ordinal),
            system => Assert.Contains($"    CSName = {Environment.MachineName}\n", system.Output, StringComparison.Ordinal),
            query => Assert.StartsWith("XmlFragment\n    Name = ", query.Output, StringComparison.Ordinal),
            disks => Assert.StartsWith("Win32_LogicalDisk\n", disks.Output, StringComparison.Ordinal),
            pipeline =>
            {
                // Two streams through one pipe: each is in order, both together are not.
                Assert.Contains("ONE\nTHREE\nTWO\n", pipeline.Output, StringComparison.Ordinal);
                Assert.Contains("this goes to standard error\n", pipeline.Output, StringComparison.Ordinal);
                Assert.Contains("\n(exit code 3)\n", pipeline.Output, StringComparison.Ordinal);
            },
            json => Assert.Equal(1, JsonDocument.Parse(json.Output.Split('\n')[0]).RootElement.GetProperty("ProcessId").GetInt32()));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Interrupted_it_leaves_nothing_behind()
    {
        using var process = Process.Start(Start())!;
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("$ farwire winrm get", StringComparison.Ordinal))
        {
        }

        await Commands.RunAsync("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(130, process.ExitCode);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Kept_the_service_is_reached_as_it_says_until_it_is_ended_as_it_says()
    {
        Commands.Need("/usr/lib/python3/dist-packages/winrm/__init__.py");
        var outcome = await RunAsync("--keep");
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        var system = (await Commands.RunAsync("uname", ["-a"])).Output;

        var farwire = await FollowAsync(outcome.Output, "With Farwire:");
        var pywinrm = await FollowAsync(outcome.Output, "With pywinrm:");
        var curl = await FollowAsync(outcome.Output, "With curl:");
        var end = await FollowAsync(outcome.Output, "To end it");

        Assert.Equal(system, farwire.Output);
        Assert.Equal(system.Trim(), pywinrm.Output.Trim());
        Assert.Contains("ProductVendor>Farwire<", curl.Output, StringComparison.Ordinal);
        Assert.Equal(0, end.ExitCode);
        while (Directory.EnumerateFileSystemEntries(_temporary).Any())
        {
            await Task.Delay(20); // the service ends in its own time
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public async Task An_option_it_has_not_is_refused_with_those_it_has()
    {
        var outcome = await RunAsync("--kep");

        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains("'--kep' is not an option", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("--keep", outcome.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    private static async Task<Outcome> FollowAsync(string output, string heading)
    {
        var lines = output[output.IndexOf(heading, StringComparison.Ordinal)..].Split('\n').Skip(1).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal));
        var script = string.Join('\n', lines.Select(line => line[4..])).Replace("python3 ", "/usr/bin/python3 -W ignore ", StringComparison.Ordinal);
        var outcome = await Commands.RunAsync("bash", ["-c", script]);
        Assert.True(outcome.ExitCode == 0, script + "\n" + outcome.Errors);
        return outcome;
    }

    private async Task<Outcome> RunAsync(params string[] options)
    {
        using var process = Process.Start(Start(options))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await errors);
    }

    private ProcessStartInfo Start(params string[] options)
    {
        // What runs in the background of a shell ignores Ctrl-C, and so do its children, whatever they trap.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,QUIT", Path.Combine(RunningService.Root, "quickstart.sh"), "--no-build", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["TMPDIR"] = _temporary;
        return start;
    }

    private void AssertNothingIsLeft()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temporary));
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0])))
        {
            try
            {
                Assert.DoesNotContain(_temporary, File.ReadAllText(Path.Combine(process, "cmdline")), StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
    }
}
