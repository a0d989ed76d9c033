using System.Globalization;
using System.Text.RegularExpressions;
using Farwire.TestKit.Bmc;

namespace Farwire.Peers.Tests;

/// <summary>The examples of docs/guides/datacentre.md that are marked with "run", by a shell, on a simulated controller.</summary>
public sealed partial class DatacentreGuideTests
{
    [Fact]
    public async Task Every_marked_example_runs()
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        await using var bmc = await SimulatedBmc.StartAsync();
        var folder = Directory.CreateTempSubdirectory("farwire-guide-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "viewer.password"), SimulatedBmc.ViewerPassword);
        await File.WriteAllTextAsync(Path.Combine(folder, "operator.password"), SimulatedBmc.OperatorPassword);
        var examples = Marked().Matches(await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "guides", "datacentre.md")));
        Assert.Equal(8, examples.Count);

        foreach (var example in examples.AsEnumerable())
        {
            var script = $"cd {folder}; export XDG_CACHE_HOME={folder} PATH={Path.GetDirectoryName(RunningService.Program("farwire"))}:$PATH BMC=127.0.0.1:{bmc.Port}\n{example.Groups["command"].Value}";
            var outcome = await Commands.RunAsync("/bin/sh", ["-c", script]);
            var expected = example.Groups["code"] is { Success: true, Value: var code } ? int.Parse(code, CultureInfo.InvariantCulture) : 0;
            Assert.True(outcome.ExitCode == expected, $"{example.Groups["command"].Value}: {outcome.ExitCode} {outcome.Errors}");
            Assert.NotEmpty(outcome.Output);
        }

        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex(@"<!-- run(?:: (?<code>\d+))? -->\n    (?<command>[^\n]+)")]
    private static partial Regex Marked();
}
