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
    public async Task A_service_is_created_changed_and_deleted_as_systemctl_shows()
    {
        var inside = await systemd.InsideAsync();
        const string Definition = "@{Name=\"farwire-made\";DisplayName=\"Made 100% here\";PathName=\"/bin/sleep 100002\";StartMode=\"Automatic\";StartName=\".\\nobody\";ServiceDependencies=\"demo\"}";

        var created = await InvokeAsync(inside, "Create", "Win32_Service", Definition);
        var shown = await ShowAsync("Description,ExecStart,User,UnitFileState,Requires");
        var again = await InvokeAsync(inside, "Create", "Win32_Service", Definition);
        var started = await InvokeAsync(inside, "StartService", "Win32_Service?Name=farwire-made");
        var running = (await systemd.RunAsync("systemctl", "is-active", "farwire-made")).Trim();
        var changed = await InvokeAsync(inside, "Change", "Win32_Service?Name=farwire-made", "@{DisplayName=\"Changed\";PathName=\"/bin/sleep 100003\";StartName=\"LocalSystem\";StartMode=\"Disabled\"}");
        var disabled = (await systemd.RunAsync("systemctl", "is-enabled", "farwire-made")).Trim();
        var manual = await InvokeAsync(inside, "ChangeStartMode", "Win32_Service?Name=farwire-made", "@{StartMode=\"Manual\"}");
        var after = await ShowAsync("Description,ExecStart,User");
        var stopped = await InvokeAsync(inside, "StopService", "Win32_Service?Name=farwire-made");
        var deleted = await InvokeAsync(inside, "Delete", "Win32_Service?Name=farwire-made");
        var gone = (await systemd.RunAsync("systemctl", "show", "farwire-made", "-p", "LoadState", "--value")).Trim();

        Assert.Equal((0, 23, 0, 0, 0, 0, 0), (created, again, started, changed, manual, stopped, deleted));
        Assert.Contains("Description=Made 100% here", shown, StringComparison.Ordinal);
        Assert.Contains("argv[]=/bin/sleep 100002 ;", shown, StringComparison.Ordinal);
        Assert.Contains("User=nobody", shown, StringComparison.Ordinal);
        Assert.Contains("UnitFileState=enabled", shown, StringComparison.Ordinal);
        Assert.Contains("demo.service", shown, StringComparison.Ordinal);
        Assert.Equal(("active", "masked", "not-found"), (running, disabled, gone));
        Assert.Contains("Description=Changed", after, StringComparison.Ordinal);
        Assert.Contains("argv[]=/bin/sleep 100003 ;", after, StringComparison.Ordinal);
        Assert.Contains("User=root", after, StringComparison.Ordinal);

        Task<string> ShowAsync(string properties) => systemd.RunAsync("systemctl", "show", "farwire-made", "-p", properties);
    }

    [Fact]
    public async Task Units_of_all_types_are_started_and_stopped()
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["winrm", "invoke", "Restart", "wmi/root/linux/Linux_SystemdUnit?Name=demo.service", "-o", "json", "--connect", systemd.Service.ConnectionFile]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);

        Assert.Equal(0, JsonDocument.Parse(outcome.Output).RootElement.Number("ReturnValue"));
        Assert.Equal("active", (await systemd.RunAsync("systemctl", "is-active", "demo")).Trim());
    }

    [Fact]
    public async Task What_a_unit_needs_and_what_needs_it_is_what_systemctl_shows()
    {
        var needs = await systemd.Service.QueryAsync("ASSOCIATORS OF {Linux_SystemdUnit.Name='basic.target'} WHERE AssocClass=Linux_UnitDependency Role=Dependent", "root/linux");
        var neededBy = await systemd.Service.QueryAsync("REFERENCES OF {Linux_SystemdUnit.Name='basic.target'} WHERE ResultClass=Linux_UnitDependency Role=Antecedent", "root/linux");
        var loaded = (await systemd.Service.ListAsync("Linux_SystemdUnit", "root/linux")).Select(u => u.Text("Name")!).ToHashSet();
        var shown = await ListAsync("Requires", "Requisite", "BindsTo", "Wants");
        var shownBy = await ListAsync("RequiredBy", "RequisiteOf", "BoundBy", "WantedBy");

        Assert.NotEmpty(needs);
        Assert.NotEmpty(neededBy);
        Assert.Equal(shown.Where(loaded.Contains).Order(StringComparer.Ordinal), needs.Select(u => u.Text("Name")!).Order(StringComparer.Ordinal));
        Assert.Equal(shownBy.Order(StringComparer.Ordinal), neededBy.Select(d => d.Text("Dependent")!.Split("Name=")[^1]).Order(StringComparer.Ordinal));

        async Task<IEnumerable<string>> ListAsync(params string[] properties) =>
            (await systemd.RunAsync("systemctl", ["show", "basic.target", "--value", .. properties.SelectMany(p => (string[])["-p", p])])).Split((string[])["\n", " "], StringSplitOptions.RemoveEmptyEntries);
    }

    [Theory]
    [InlineData(20, "@{Name=\"../etc\";PathName=\"/bin/true\"}")]
    [InlineData(21, "@{Name=\"x1\";PathName=\"true\"}")]
    [InlineData(21, "@{Name=\"x2\"}")]
    [InlineData(9, "@{Name=\"x3\";PathName=\"/bin/no-such-program\"}")]
    [InlineData(22, "@{Name=\"x4\";PathName=\"/bin/true\";StartName=\"no-such-account\"}")]
    [InlineData(23, "@{Name=\"demo\";PathName=\"/bin/true\"}")]
    public async Task What_cannot_be_a_service_has_the_code_that_Windows_has_for_it(int code, string definition) =>
        Assert.Equal(code, await InvokeAsync(await systemd.InsideAsync(), "Create", "Win32_Service", definition));

    [Fact]
    public async Task What_a_package_brought_is_not_deleted() =>
        Assert.Equal(1, await InvokeAsync(await systemd.InsideAsync(), "Delete", "Win32_Service?Name=dbus"));

    [Fact]
    public async Task A_machine_is_renamed_as_hostnamectl_shows()
    {
        var code = await InvokeAsync(await systemd.InsideAsync(), "Rename", $"Win32_ComputerSystem?Name={Environment.MachineName}", "@{Name=\"farwire-renamed\"}");

        Assert.Equal(0, code);
        Assert.Equal("farwire-renamed", (await systemd.RunAsync("hostnamectl", "--static")).Trim());
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

    private Task<int> InvokeAsync(string method, string name, params string[] input) => InvokeAsync(systemd.Service, method, "Win32_Service?Name=" + name, input);

    private static async Task<int> InvokeAsync(RunningService service, string method, string resource, params string[] input)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "invoke", method, "wmicimv2/" + resource, .. input, "-o", "json", "--connect", service.ConnectionFile]);
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
                await InvokeAsync("Win32ShutdownTracker", "@{Timeout=\"3600\";Comment=\"New kernel\";ReasonCode=\"65536\";Flags=\"2\"}"),
                await InvokeAsync("SetDateTime", "@{LocalDateTime=\"20300102030405.000000+060\"}"), await InvokeAsync("SetDateTime", "@{LocalDateTime=\"00000001000000.000000:000\"}"),
            };

            Assert.Equal([0, 0, 0, 0, 50, 87, 0, 0, 87], codes);
            Assert.Equal(
                "Reboot False\nPowerOff False\nReboot False\nPowerOff False\nSetWallMessage New kernel (reason 0x00010000)\nScheduleShutdown reboot in 60 minutes\nSetTime 1893549845000000\n",
                await File.ReadAllTextAsync(calls));
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
