using System.Diagnostics;
using System.Text.Json;

namespace Farwire.Peers.Tests.Cim;

/// <summary>The methods of Win32_Service, called with the built winrm, against systemctl at a real systemd.</summary>
[Trait("Peer", "systemd")]
public sealed class ServiceMethodTests(SystemdInNamespaces systemd) : IClassFixture<SystemdInNamespaces>
{
    private const string Unit = "farwire-changing";

    [Fact]
    [Trait("Feature", "WMI-08")]
    public async Task Services_are_started_and_stopped_and_a_second_time_is_told()
    {
        await systemd.RunAsync("systemctl", "unmask", "--runtime", Unit);
        await systemd.RunAsync("systemctl", "stop", Unit);

        var notActive = await InvokeAsync("InterrogateService", Unit);
        var started = await InvokeAsync("StartService", Unit);
        var state = (await systemd.RunAsync("systemctl", "is-active", Unit)).Trim();
        var interrogated = await InvokeAsync("InterrogateService", Unit);
        var again = await InvokeAsync("StartService", Unit);
        var paused = await InvokeAsync("PauseService", Unit);
        var stopped = await InvokeAsync("StopService", Unit);
        var after = (await systemd.RunAsync("systemctl", "is-active", Unit)).Trim();
        var stoppedAgain = await InvokeAsync("StopService", Unit);

        Assert.Equal((6, 0, 0, 10, 5, 0, 5), (notActive, started, interrogated, again, paused, stopped, stoppedAgain));
        Assert.Equal(("active", "inactive"), (state, after));
    }

    [Fact]
    [Trait("Feature", "WMI-08")]
    public async Task The_start_mode_is_changed_as_systemctl_shows()
    {
        var manual = await InvokeAsync("ChangeStartMode", "demo", "@{StartMode=\"Manual\"}");
        var afterManual = (await systemd.RunAsync("systemctl", "is-enabled", "demo")).Trim();
        var automatic = await InvokeAsync("ChangeStartMode", "demo", "@{StartMode=\"Automatic\"}");
        var afterAutomatic = (await systemd.RunAsync("systemctl", "is-enabled", "demo")).Trim();
        var shown = (await systemd.Service.GetAsync("Win32_Service?Name=demo")).Text("StartMode");
        var strange = await InvokeAsync("ChangeStartMode", "demo", "@{StartMode=\"Sometimes\"}");

        Assert.Equal((0, 0, 21), (manual, automatic, strange));
        Assert.Equal(("disabled", "enabled", "Auto"), (afterManual, afterAutomatic, shown));
    }

    [Fact]
    public async Task A_service_that_cannot_start_says_so()
    {
        // A unit of the type simple has started once its program runs; that it fails then is not the start's failure.
        await systemd.RunAsync("systemd-run", "--unit=farwire-oneshot", "--property=Type=oneshot", "--property=RemainAfterExit=yes", "--no-block", "/bin/true");
        await systemd.RunAsync("sh", "-c", "mkdir -p /run/systemd/system; printf '[Service]\\nType=oneshot\\nExecStart=/bin/false\\n' > /run/systemd/system/farwire-failing.service; systemctl daemon-reload");

        Assert.Equal(8, await InvokeAsync("StartService", "farwire-failing"));
    }

    [Fact]
    [Trait("Feature", "WMI-09")]
    public async Task A_service_leads_to_those_that_systemctl_says_it_needs()
    {
        await systemd.RunAsync("sh", "-c",
            "mkdir -p /run/systemd/system; printf '[Unit]\\nRequires=demo.service\\n[Service]\\nExecStart=/bin/sleep 100002\\n' > /run/systemd/system/farwire-needing.service; systemctl daemon-reload; systemctl start farwire-needing");
        var required = (await systemd.RunAsync("systemctl", "show", "farwire-needing", "-p", "Requires", "--value")).Split(' ', '\n').Where(n => n.EndsWith(".service", StringComparison.Ordinal)).Select(n => n[..^8]);

        var found = await systemd.Service.QueryAsync("ASSOCIATORS OF {Win32_Service.Name='farwire-needing'} WHERE AssocClass=Win32_DependentService ResultRole=Antecedent Role=Dependent");
        var owner = await systemd.Service.QueryAsync("ASSOCIATORS OF {Win32_Service.Name='farwire-needing'} WHERE ResultClass=Win32_ComputerSystem");

        Assert.Equal(required.Order(), found.Select(f => f.Text("Name")!).Order());
        Assert.Contains("demo", found.Select(f => f.Text("Name")));
        Assert.Equal(Environment.MachineName, Assert.Single(owner).Text("Name"));
    }

    private async Task<int> InvokeAsync(string method, string name, params string[] input)
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["winrm", "invoke", method, "wmicimv2/Win32_Service?Name=" + name, .. input, "-o", "json", "--connect", systemd.Service.ConnectionFile]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        return (int)JsonDocument.Parse(outcome.Output).RootElement.Number("ReturnValue");
    }
}

/// <summary>Reboot and Shutdown against a mock of logind; nothing here can reach the machine's own.</summary>
public sealed class MockedLoginTests
{
    [Fact]
    [Trait("Peer", "python-dbusmock")]
    public async Task Reboot_and_Shutdown_reach_logind_and_only_it()
    {
        var probe = await Commands.RunAsync("/usr/bin/python3", ["-c", "import dbusmock"]);
        Assert.SkipUnless(probe.ExitCode == 0, "python3-dbusmock is not installed");
        var calls = Path.GetTempFileName();
        using var mock = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "login_mock.py"), calls]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var service = new RunningService { Settings = new Dictionary<string, string> { ["DBUS_SYSTEM_BUS_ADDRESS"] = (await mock.StandardOutput.ReadLineAsync())! } };
        await service.InitializeAsync();
        try
        {
            var codes = new[]
            {
                await InvokeAsync("Reboot"), await InvokeAsync("Shutdown"), await InvokeAsync("Win32Shutdown", "@{Flags=\"6\"}"), await InvokeAsync("Win32Shutdown", "@{Flags=\"8\"}"),
                await InvokeAsync("Win32Shutdown", "@{Flags=\"0\"}"), await InvokeAsync("Win32Shutdown", "@{Flags=\"99\"}"),
            };

            Assert.Equal([0, 0, 0, 0, 50, 87], codes);
            Assert.Equal("Reboot False\nPowerOff False\nReboot False\nPowerOff False\n", await File.ReadAllTextAsync(calls));
        }
        finally
        {
            await service.DisposeAsync();
            mock.StandardInput.Close();
            await mock.WaitForExitAsync();
            File.Delete(calls);
        }

        async Task<long> InvokeAsync(string method, params string[] input)
        {
            var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "invoke", method, "wmicimv2/Win32_OperatingSystem", .. input, "-o", "json", "--connect", service.ConnectionFile]);
            Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
            return JsonDocument.Parse(outcome.Output).RootElement.Number("ReturnValue");
        }
    }
}
