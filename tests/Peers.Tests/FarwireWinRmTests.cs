using System.Text.Json;
using System.Xml.Linq;

namespace Farwire.Peers.Tests;

/// <summary>The built tool against the built service, as two processes.</summary>
public sealed class FarwireWinRmTests(RunningService service)
{
    [Fact]
    [Trait("Feature", "CLI-06")]
    public async Task Pretty_and_xml_hold_the_same_data()
    {
        var pretty = XElement.Parse((await RunAsync("get", "wmicimv2/Win32_ComputerSystem?Name=" + Environment.MachineName, "-format:pretty")).Output);
        var xml = XElement.Parse((await RunAsync("get", "wmicimv2/Win32_ComputerSystem?Name=" + Environment.MachineName, "-format:xml")).Output);

        Assert.Equal(xml.Elements().Select(e => (e.Name, e.Value)), pretty.Elements().Select(e => (e.Name, e.Value)));
    }

    [Fact]
    public async Task A_query_gives_rows_that_ps_knows()
    {
        var outcome = await RunAsync("enumerate", "wmicimv2/*", "-dialect:wql", "-filter:select Name,ProcessId from Win32_Process where ProcessId = 1", "-o", "json");
        var name = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("Name").GetString()!;

        Assert.StartsWith((await Commands.RunAsync("ps", ["-o", "comm=", "-p", "1"])).Output.Trim(), name, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CLI-12")]
    public async Task A_fault_has_the_layout_that_scripts_read()
    {
        var outcome = await RunAsync("get", "wmicimv2/Win32_Nothing");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches("^WSManFault\n    Message = .+\n\nError number:  -2144108544 0x80338000\n.+\n$", outcome.Errors);
    }

    [Theory]
    [InlineData("5", "ERROR_ACCESS_DENIED")]
    [InlineData("0x5", "ERROR_ACCESS_DENIED")]
    [InlineData("0x803380FA", "2150859002")]
    [Trait("Feature", "CLI-13")]
    public async Task Helpmsg_explains_numbers(string number, string text)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "helpmsg", number]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(text, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linked_as_winrm_the_program_is_winrm()
    {
        var link = Path.Combine(Directory.CreateTempSubdirectory("farwire-link-").FullName, "winrm");
        File.CreateSymbolicLink(link, RunningService.Program("farwire"));

        var outcome = await Commands.RunAsync(link, ["id", "--connect", service.ConnectionFile]);
        Directory.Delete(Path.GetDirectoryName(link)!, recursive: true);

        Assert.StartsWith("IdentifyResponse\n", outcome.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(params string[] arguments) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. arguments, "--connect", service.ConnectionFile]);
}
