using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Cim;

/// <summary>The classes that monitoring and inventory tools ask for most, all against the system's own tools in the same moment.</summary>
[Trait("Peer", "systemd")]
public sealed class BaseSetTests(SystemdInNamespaces systemd) : IClassFixture<SystemdInNamespaces>
{
    [Fact]
    [Trait("Feature", "WMI-07")]
    public async Task The_base_set_says_what_ps_df_ip_systemctl_and_dpkg_say_and_what_is_empty_is_listed_as_empty()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dpkg-query") && (File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip")), "dpkg-query or iproute2 is not installed");
        var service = systemd.Service;
        await ProcessesAreThoseOfPsAsync(service);
        await FileSystemsAreThoseOfDfAsync(service);
        await InterfacesAreThoseOfIpAsync(service);
        await ServicesAreThoseOfSystemctlAsync(service);
        await PackagesAreThoseOfDpkgAsync(service);
        await EmptyClassesAreThoseOfTheGuideAsync(service);
    }

    [Fact]
    [Trait("Feature", "WMI-13")]
    public async Task The_classes_of_the_portals_samples_answer_and_a_Get_of_QuotaSetting_without_keys_is_the_nested_fault()
    {
        var service = systemd.Service;
        var setting = Json(await RunAsync("get", "Win32_WMISetting", "-o", "json"));
        var quotas = await ListAsync("Win32_QuotaSetting");
        var current = await ListAsync("Win32_CurrentTime");
        var local = Json(await RunAsync("get", "Win32_LocalTime", "-o", "json"));
        var date = (await Commands.RunAsync("date", ["+%Y %-m %-d"])).Output.Trim();
        var jobs = await ListAsync("Win32_ScheduledJob");
        var drivers = await ListAsync("Win32_SystemDriver");
        var dependencies = await ListAsync("Win32_DependentService");
        var shares = await ListAsync("Win32_Share");
        var curl = new Curl(service.Http, $"{service.User}:{service.Password}");
        var fault = await curl.SendAsync(Soap.Get(Soap.Microsoft + "/wmi/root/cimv2/Win32_QuotaSetting"));

        var version = (await Commands.RunAsync(RunningService.Program("farwire"), ["--version"])).Output.Trim();
        Assert.Equal(version, "farwire " + setting.Text("BuildVersion"));
        Assert.Equal(["Win32_LocalTime", "Win32_UTCTime"], current.Select(t => t.Text("@class")).Order());
        Assert.Equal(date, $"{local.Number("Year")} {local.Number("Month")} {local.Number("Day")}");
        Assert.Equal(File.Exists("/proc/modules") ? (await File.ReadAllLinesAsync("/proc/modules")).Length : 0, drivers.Count);
        Assert.Equal(
            (await File.ReadAllLinesAsync("/proc/self/mounts")).Select(l => l.Split(' ')).Where(f => f[2] is "ext4" or "xfs" or "ext3").Select(f => f[1]).Distinct().Order(StringComparer.Ordinal),
            quotas.Select(q => q.Text("VolumePath")!).Order(StringComparer.Ordinal));
        Assert.NotEmpty(jobs);
        Assert.Equal(
            Rows(await systemd.RunAsync("systemctl", "list-units", "--type=timer", "--all", "--plain", "--no-legend", "--no-pager", "--full")).Where(r => r[1] == "loaded").Select(r => r[0]).Order(StringComparer.Ordinal),
            jobs.Select(j => j.Text("Name") + ".timer").Order(StringComparer.Ordinal));
        foreach (var job in jobs)
        {
            Assert.Equal((await systemd.RunAsync("systemctl", "show", job.Text("Name") + ".timer", "-p", "Unit", "--value")).Trim(), job.Text("Command"));
        }

        Assert.Contains(dependencies, d => d.Text("Dependent")!.Contains("web", StringComparison.Ordinal) && d.Text("Antecedent")!.Contains("demo", StringComparison.Ordinal));
        Assert.Equal(SharesOf("/etc/samba/smb.conf"), shares.Count);
        Assert.Equal((500, "2150859002"), (fault.Status, fault.Code));
        Assert.Matches("<f:Message><f:ProviderFault provider=\"WMI Provider\" path=\"\"><f:WSManFault [^>]*Code=\"2150859002\"[^>]*><f:Message>[^<]*Win32_QuotaSetting is keyed by", fault.Body);

        Task<Outcome> RunAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["cim", .. words, "--connect", service.ConnectionFile]);

        async Task<List<JsonElement>> ListAsync(string name)
        {
            var outcome = await RunAsync("list", name, "-o", "json");
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            return [.. outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        }

        static int SharesOf(string file) => !File.Exists(file) ? 0 : File.ReadAllLines(file).Count(l => l.StartsWith('[') && l.Trim().ToUpperInvariant() is not ("[GLOBAL]" or "[HOMES]")); // the homes of whoever comes are no share of a name
    }

    private static JsonElement Json(Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }

    // What ps sees both before and after must be there with the same parent; nothing that neither sees may be.
    private static async Task ProcessesAreThoseOfPsAsync(RunningService service)
    {
        using var sleep = System.Diagnostics.Process.Start("sleep", "86397.5");
        var before = await PsAsync();
        var ours = (await service.QueryAsync("select ProcessId,ParentProcessId,ThreadCount from Win32_Process")).ToDictionary(p => p.Number("ProcessId"));
        var after = await PsAsync();
        sleep.Kill();

        var stayed = before.Where(p => after.TryGetValue(p.Key, out var row) && row == p.Value).ToList();
        Assert.NotEmpty(stayed);
        Assert.All(stayed, p => Assert.Equal(p.Value.Parent, ours[p.Key].Number("ParentProcessId")));
        Assert.Equal(after[sleep.Id], (ours[sleep.Id].Number("ParentProcessId"), ours[sleep.Id].Number("ThreadCount")));
        Assert.InRange(ours.Count, before.Keys.Intersect(after.Keys).Count(), before.Keys.Union(after.Keys).Count() + 50); // those that came and went between
        var system = Assert.Single(await service.ListAsync("Win32_OperatingSystem"));
        Assert.InRange(system.Number("NumberOfProcesses"), after.Count / 2, after.Count * 2);
    }

    private static async Task FileSystemsAreThoseOfDfAsync(RunningService service)
    {
        var rows = (await Commands.RunAsync("df", ["-B1", "--output=target,size,fstype"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).GroupBy(r => r[0]).ToDictionary(g => g.Key, g => g.Last());
        var disks = await service.ListAsync("Win32_LogicalDisk");

        Assert.Contains(disks, d => d.Text("DeviceID") == "/");
        Assert.All(disks, d => Assert.Equal((rows[d.Text("DeviceID")!][1], rows[d.Text("DeviceID")!][2]), (d.Text("Size"), d.Text("FileSystem"))));
        Assert.All(rows.Where(r => r.Value[2] is "ext4" or "xfs" or "btrfs"), r => Assert.Contains(disks, d => d.Text("DeviceID") == r.Key));
    }

    private static async Task InterfacesAreThoseOfIpAsync(RunningService service)
    {
        var links = JsonDocument.Parse((await Commands.RunAsync("ip", ["-j", "addr"])).Output).RootElement.EnumerateArray().Where(l => l.TryGetProperty("ifindex", out _)).ToList();
        var adapters = (await service.ListAsync("Win32_NetworkAdapter")).ToDictionary(a => a.Number("InterfaceIndex"));
        var configurations = (await service.ListAsync("Win32_NetworkAdapterConfiguration")).ToDictionary(a => a.Number("InterfaceIndex"));

        Assert.Equal(links.Select(l => l.Number("ifindex")).Order(), adapters.Keys.Order());
        foreach (var link in links)
        {
            var addresses = link.GetProperty("addr_info").EnumerateArray().Select(a => a.Text("local")!).Order(StringComparer.Ordinal);
            Assert.Equal(link.Text("ifname"), adapters[link.Number("ifindex")].Text("NetConnectionID"));
            Assert.Equal(addresses, configurations[link.Number("ifindex")].Texts("IPAddress").Order(StringComparer.Ordinal));
        }
    }

    private async Task ServicesAreThoseOfSystemctlAsync(RunningService service)
    {
        var states = Rows(await systemd.RunAsync("systemctl", "list-units", "--type=service", "--all", "--plain", "--no-legend", "--no-pager", "--full"))
            .Where(r => r[1] != "not-found").ToDictionary(r => r[0][..^".service".Length], r => r[2]);
        var files = Rows(await systemd.RunAsync("systemctl", "list-unit-files", "--type=service", "--no-legend", "--no-pager"))
            .Where(r => !r[0].EndsWith("@.service", StringComparison.Ordinal) && r[1] != "alias").ToDictionary(r => r[0][..^".service".Length], r => r[1]);
        var ours = (await service.QueryAsync("select Name,State,StartMode from Win32_Service")).ToDictionary(s => s.Text("Name")!);

        Assert.Equal(states.Keys.Union(files.Keys).Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        Assert.All(states.Where(s => s.Value is "active" or "inactive" or "failed"), s => Assert.Equal(s.Value == "active" ? "Running" : "Stopped", ours[s.Key].Text("State")));
        Assert.All(files, f => Assert.Equal(f.Value switch { "enabled" => "Auto", "masked" => "Disabled", _ => "Manual" }, ours[f.Key].Text("StartMode")));
        Assert.Equal(ours.Keys.Order(StringComparer.Ordinal), (await EnumKeyAsync(service, @"SYSTEM\CurrentControlSet\Services")).Order(StringComparer.Ordinal));
    }

    private static async Task PackagesAreThoseOfDpkgAsync(RunningService service)
    {
        var dpkg = (await Commands.RunAsync("dpkg-query", ["-W", "-f", "${db:Status-Status} ${Package} ${Version}\\n"])).Output.Split('\n')
            .Select(l => l.Split(' ')).Where(f => f[0] == "installed").Select(f => (f[1], f[2])).Order().ToList();

        Assert.Equal(dpkg, (await service.QueryAsync("select Name,Version from Win32_Product")).Select(p => (p.Text("Name")!, p.Text("Version")!)).Order());
        Assert.Equal(dpkg.Count, (await EnumKeyAsync(service, @"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall")).Count);
    }

    // The guide's list of classes without instances, and every class in it is empty.
    private static async Task EmptyClassesAreThoseOfTheGuideAsync(RunningService service)
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "guides", "cim.md"));
        var list = guide[guide.IndexOf("## Classes without instances", StringComparison.Ordinal)..];
        var names = Regex.Matches(list[..list.IndexOf("\n## ", 5, StringComparison.Ordinal)], "\\bWin32_\\w+").Select(m => m.Value).Distinct().ToList();

        Assert.NotEmpty(names);
        foreach (var name in names.Where(n => !n.StartsWith("Win32_Perf", StringComparison.Ordinal)))
        {
            Assert.Empty(await service.ListAsync(name));
        }
    }

    private static async Task<IReadOnlyList<string>> EnumKeyAsync(RunningService service, string key)
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["winrm", "invoke", "EnumKey", "wmi/root/default/StdRegProv", $"@{{hDefKey=\"2147483650\";sSubKeyName=\"{key}\"}}", "-o", "json", "--connect", service.ConnectionFile]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement.Texts("sNames");
    }

    private static async Task<Dictionary<long, (long Parent, long Threads)>> PsAsync() =>
        (await Commands.RunAsync("ps", ["-eo", "pid=,ppid=,nlwp="])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray()).ToDictionary(f => f[0], f => (f[1], f[2]));

    private static IEnumerable<string[]> Rows(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
