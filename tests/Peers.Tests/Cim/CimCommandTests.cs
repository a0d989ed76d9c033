using System.Globalization;
using System.Text.Json;

namespace Farwire.Peers.Tests.Cim;

/// <summary>The built command farwire cim against the built service.</summary>
public sealed class CimCommandTests(RunningService service)
{
    [Fact]
    public async Task Classes_are_listed_and_described_as_MOF_that_compiles()
    {
        var classes = await RunAsync("classes", "CIM_Service");
        var described = await RunAsync("describe", "Win32_Process");
        var file = Path.GetTempFileName();
        try
        {
            // With what it inherits already in it, the class stands alone under another name.
            await File.WriteAllTextAsync(file, described.Output.Replace("class Win32_Process : CIM_Process", "class My_Process", StringComparison.Ordinal));
            var compiled = await Commands.RunAsync(RunningService.Program("farwire"), ["cim", "compile", file]);
            await File.WriteAllTextAsync(file, "class My_Process { strin Name; };");
            var wrong = await Commands.RunAsync(RunningService.Program("farwire"), ["cim", "compile", file]);

            Assert.Contains("Win32_Service : Win32_BaseService\n", classes.Output, StringComparison.Ordinal);
            Assert.Contains("  uint32 Create([In] string CommandLine", described.Output, StringComparison.Ordinal);
            Assert.Matches("My_Process, 45 properties, 7 methods", compiled.Output);
            Assert.Equal((0, 65), (compiled.ExitCode, wrong.ExitCode));
            Assert.Contains("'strin'", wrong.Errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Instances_are_listed_queried_got_and_called()
    {
        var listed = Json(await RunAsync("list", "Win32_OperatingSystem", "-o", "json"));
        var queried = Json(await RunAsync("query", "select Name,ProcessId from Win32_Process where ProcessId=1", "-o", "json"));
        var got = Json(await RunAsync("get", "Win32_Process?Handle=1", "-o", "json"));
        var created = Json(await RunAsync("invoke", "Create", "Win32_Process", "CommandLine=sleep 86399.25", "-o", "json"));
        var id = created.Text("ProcessId")!;
        var shown = (await Commands.RunAsync("ps", ["-o", "args=", "-p", id])).Output.Trim();
        var ended = Json(await RunAsync("invoke", "Terminate", "Win32_Process?Handle=" + id, "-o", "json"));

        Assert.Equal(Environment.MachineName, listed.Text("CSName"));
        Assert.Equal(queried.Text("Name"), got.Text("Name"));
        Assert.Equal("sleep 86399.25", shown);
        Assert.Equal(JsonValueKind.Number, created.GetProperty("ProcessId").ValueKind);
        Assert.Equal(0, ended.Number("ReturnValue"));
    }

    [Theory]
    [InlineData(64, "dance")]
    [InlineData(64, "invoke", "Create", "Win32_Process", "CommandLine")]
    [InlineData(70, "list", "Win32_Nothing")]
    [InlineData(70, "query", "select form")]
    public async Task What_goes_wrong_has_its_exit_code(int code, params string[] arguments) => Assert.Equal(code, (await RunAsync(arguments)).ExitCode);

    [Theory]
    [InlineData("root/cimv2", "Win32_OperatingSystem")]
    [InlineData("root/default", "StdRegProv")]
    [InlineData("root/standardcimv2", "MSFT_NetAdapter")]
    [InlineData("root/linux", "Linux_Process")]
    [Trait("Feature", "WMI-01")]
    public async Task Every_namespace_of_the_machine_has_its_classes(string name, string className)
    {
        var classes = await RunAsync("classes", "-n", name);

        Assert.Contains(className, classes.Output.Split('\n').Select(l => l.Split(' ')[0]));
    }

    private Task<Outcome> RunAsync(params string[] arguments) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["cim", .. arguments, "--connect", service.ConnectionFile]);

    private static JsonElement Json(Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }
}
