using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Administration;

/// <summary>The examples of docs/guides/administrator.md that are marked with "run", by a shell, against the built service.</summary>
public sealed partial class AdministratorGuideTests
{
    [Fact]
    public async Task Every_marked_example_runs()
    {
        await using var service = await AdministeredService.StartAsync();
        var examples = Marked().Matches(await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "guides", "administrator.md")));
        Assert.Equal(16, examples.Count);
        var farwire = RunningService.Program("farwire");
        var farwired = RunningService.Program("farwired");
        var folders = $"--config-dir {service.Config} --state-dir {service.State}";

        foreach (var example in examples.Select(match => match.Groups["command"].Value))
        {
            var script = $"winrm() {{ {farwire} winrm \"$@\"; }}; farwired() {{ {farwired} \"$@\"; }}\nexport FARWIRE_SOCKET={service.Socket}; PORT={LoopbackPort.Free()} DIRS='{folders}'\n{example}";
            var outcome = await Commands.RunAsync("/bin/sh", ["-c", script]);
            Assert.True(outcome.ExitCode == 0, $"{example}: {outcome.ExitCode} {outcome.Errors}");
            Assert.True(outcome.Output.Length > 0 || example.StartsWith("winrm delete", StringComparison.Ordinal), $"{example} says nothing");
        }
    }

    [GeneratedRegex(@"<!-- run -->\n    (?<command>[^\n]+)")]
    private static partial Regex Marked();
}
