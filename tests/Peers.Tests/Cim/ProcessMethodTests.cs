using System.Globalization;
using System.Text.Json;

namespace Farwire.Peers.Tests.Cim;

/// <summary>The methods of Win32_Process, called with the built winrm, against ps.</summary>
public sealed class ProcessMethodTests(RunningService service)
{
    [Fact]
    [Trait("Feature", "WMI-08")]
    public async Task Create_starts_a_program_that_ps_shows_and_Terminate_ends_it()
    {
        var created = await InvokeAsync("Create", "wmicimv2/Win32_Process", "@{CommandLine=\"sleep '86399.5'\";CurrentDirectory=\"/tmp\"}");
        var id = created.Text("ProcessId")!;

        var shown = (await Commands.RunAsync("ps", ["-o", "args=", "-p", id])).Output.Trim();
        var folder = (await Commands.RunAsync("readlink", [$"/proc/{id}/cwd"])).Output.Trim();
        var owner = await InvokeAsync("GetOwner", "wmicimv2/Win32_Process?Handle=" + id);
        var sid = await InvokeAsync("GetOwnerSid", "wmicimv2/Win32_Process?Handle=" + id);
        var priority = await InvokeAsync("SetPriority", "wmicimv2/Win32_Process?Handle=" + id, "@{Priority=\"16384\"}");
        var nice = (await Commands.RunAsync("ps", ["-o", "ni=", "-p", id])).Output.Trim();
        var terminated = await InvokeAsync("Terminate", "wmicimv2/Win32_Process?Handle=" + id, "@{Reason=\"0\"}");
        var after = (await Commands.RunAsync("ps", ["-o", "stat=", "-p", id])).Output.Trim();

        Assert.Equal((0, 0, 0, 0), (Code(created), Code(owner), Code(priority), Code(terminated)));
        Assert.Equal(("sleep 86399.5", "/tmp", "10"), (shown, folder, nice));
        Assert.Equal((await Commands.RunAsync("id", ["-un"])).Output.Trim(), owner.GetProperty("User").GetString());
        Assert.Equal("S-1-22-1-" + (await Commands.RunAsync("id", ["-u"])).Output.Trim(), sid.GetProperty("Sid").GetString());
        Assert.True(after is "" || after.StartsWith('Z'), after);
    }

    [Theory]
    [InlineData("@{CommandLine=\"/nowhere/program\"}", 9)]
    [InlineData("@{CommandLine=\"no-program-of-this-name\"}", 9)]
    [InlineData("@{CommandLine=\"/etc/passwd\"}", 2)]
    [InlineData("@{CommandLine=\"true\";CurrentDirectory=\"/nowhere\"}", 9)]
    [InlineData("@{CommandLine=\"sh -c 'open\"}", 21)]
    [InlineData("@{CommandLine=\"\"}", 21)]
    [InlineData("@{CurrentDirectory=\"/\"}", 21)]
    [Trait("Feature", "WMI-06")]
    public async Task What_cannot_be_started_has_the_code_that_Windows_has_for_it(string input, int code) =>
        Assert.Equal(code, Code(await InvokeAsync("Create", "wmicimv2/Win32_Process", input)));

    [Fact]
    [Trait("Feature", "WMI-01")]
    public async Task The_registry_that_inventory_tools_read_has_packages_services_and_the_system()
    {
        var packages = await InvokeAsync("EnumKey", "wmi/root/default/StdRegProv", "@{hDefKey=\"2147483650\";sSubKeyName=\"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\"}");
        var version = await InvokeAsync(
            "GetStringValue", "wmi/root/default/StdRegProv",
            "@{hDefKey=\"2147483650\";sSubKeyName=\"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\bash\";sValueName=\"DisplayVersion\"}");
        var name = await InvokeAsync(
            "GetStringValue", "wmicimv2/StdRegProv", "@{sSubKeyName=\"SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName\";sValueName=\"ComputerName\"}");
        var nothing = await InvokeAsync("EnumKey", "wmi/root/default/StdRegProv", "@{hDefKey=\"2147483650\";sSubKeyName=\"SOFTWARE\\Nothing\"}");
        var refused = await InvokeAsync("CreateKey", "wmi/root/default/StdRegProv", "@{hDefKey=\"2147483650\";sSubKeyName=\"SOFTWARE\\New\"}");

        var installed = (await Commands.RunAsync("dpkg-query", ["-W", "-f", "${binary:Package} ${Version}\n"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).ToDictionary(p => p[0].Split(':')[0], p => p[1]);
        Assert.Superset(installed.Keys.Where(k => k is "bash" or "coreutils").ToHashSet(), packages.GetProperty("sNames").EnumerateArray().Select(n => n.GetString()!).ToHashSet());
        Assert.Equal(installed["bash"], version.GetProperty("sValue").GetString());
        Assert.Equal((await Commands.RunAsync("hostname", [])).Output.Trim(), name.GetProperty("sValue").GetString());
        Assert.Equal((2, 5), (Code(nothing), Code(refused)));
    }

    private async Task<JsonElement> InvokeAsync(string method, string resource, params string[] input)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "invoke", method, resource, .. input, "-o", "json", "--connect", service.ConnectionFile]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }

    private static int Code(JsonElement output) => int.Parse(output.GetProperty("ReturnValue").ToString(), CultureInfo.InvariantCulture);
}
