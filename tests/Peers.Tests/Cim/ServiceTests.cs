
namespace Farwire.Peers.Tests.Cim;

/// <summary>Win32_Service against systemctl at a real systemd.</summary>
[Trait("Peer", "systemd")]
public sealed class ServiceTests(SystemdInNamespaces systemd) : IClassFixture<SystemdInNamespaces>
{
    private const string Suffix = ".service";

    [Fact]
    public async Task The_services_are_those_that_systemctl_lists()
    {
        var ours = (await systemd.Service.ListAsync("Win32_Service")).ToDictionary(s => s.Text("Name")!);

        var files = Rows(await systemd.RunAsync("systemctl", "list-unit-files", "--type=service", "--no-legend", "--no-pager"))
            .Where(r => !r[0].EndsWith("@.service", StringComparison.Ordinal) && r[1] != "alias").ToDictionary(r => r[0][..^Suffix.Length], r => r[1]);
        var loaded = Blocks(await systemd.RunAsync("systemctl", "show", "*.service", "--all", "--no-pager", "-p", "Id,LoadState,ActiveState,MainPID,Description,User,ExecMainStatus"))
            .Where(b => b["LoadState"] != "not-found").ToDictionary(b => b["Id"][..^Suffix.Length]);
        Assert.Equal(files.Keys.Union(loaded.Keys).Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        Assert.True(ours.Count > 50);
        foreach (var (name, state) in files)
        {
            Assert.Equal(state switch { "enabled" => "Auto", "masked" => "Disabled", _ => "Manual" }, ours[name].Text("StartMode"));
        }

        foreach (var (name, unit) in loaded)
        {
            Assert.Equal(unit["ActiveState"] == "active", ours[name].GetProperty("Started").GetBoolean());
            Assert.Equal(unit["MainPID"], ours[name].Text("ProcessId"));
            Assert.Equal(unit["Description"], ours[name].Text("DisplayName"));
            Assert.Equal(unit["LoadState"] == "masked" ? null : unit["User"] is { Length: > 0 } user ? user : "root", ours[name].Text("StartName"));
        }
    }

    [Fact]
    public async Task A_service_that_starts_and_stops_shows_at_the_next_question()
    {
        var service = systemd.Service;
        await systemd.RunAsync("systemctl", "stop", "farwire-changing");
        var stopped = await service.GetAsync("Win32_Service?Name=farwire-changing");
        await systemd.RunAsync("systemctl", "start", "farwire-changing");
        var started = await service.GetAsync("Win32_Service?Name=farwire-changing.service");
        var pid = (await systemd.RunAsync("systemctl", "show", "farwire-changing", "-p", "MainPID", "--value")).Trim();
        await systemd.RunAsync("systemctl", "enable", "farwire-changing");
        var enabled = await service.GetAsync("Win32_Service?Name=FARWIRE-changing");
        await systemd.RunAsync("systemctl", "mask", "--runtime", "farwire-changing");
        await systemd.RunAsync("systemctl", "stop", "farwire-changing");
        var masked = Assert.Single(await service.QueryAsync("select Name,State,StartMode,ProcessId from Win32_Service where Name like 'farwire-chang%'"));

        Assert.Equal(("Stopped", "Manual", "0"), (stopped.Text("State"), stopped.Text("StartMode"), stopped.Text("ProcessId")));
        Assert.Equal(("Running", pid, "nobody"), (started.Text("State"), started.Text("ProcessId"), started.Text("StartName")));
        Assert.Equal("/bin/sleep 100001", started.Text("PathName"));
        Assert.Equal("Auto", enabled.Text("StartMode"));
        Assert.Equal(("Stopped", "0"), (masked.Text("State"), masked.Text("ProcessId")));
    }

    [Fact]
    [Trait("Feature", "WMI-11")]
    public async Task A_service_that_changes_its_state_is_told_by_systemd_itself_without_WITHIN()
    {
        await systemd.RunAsync("systemctl", "unmask", "--runtime", "farwire-changing");
        await systemd.RunAsync("systemctl", "stop", "farwire-changing");
        using var watch = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            RunningService.Program("farwire"),
            ["cim", "watch", "select * from __InstanceModificationEvent where TargetInstance isa 'Win32_Service' and TargetInstance.Name = 'farwire-changing' and TargetInstance.State = 'Running' and PreviousInstance.State <> 'Running'", "-o", "json", "--connect", systemd.Service.ConnectionFile])
        { RedirectStandardOutput = true })!;

        // It may take a moment until it is subscribed: the service is started and stopped until that is told.
        var told = watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        while (!told.IsCompleted)
        {
            await systemd.RunAsync("systemctl", "start", "farwire-changing");
            await Task.WhenAny(told, Task.Delay(500, TestContext.Current.CancellationToken));
            await systemd.RunAsync("systemctl", "stop", "farwire-changing");
        }

        watch.Kill();
        var occurrence = System.Text.Json.JsonDocument.Parse((await told)!).RootElement;
        Assert.Equal("__InstanceModificationEvent", occurrence.Text("@class"));
        Assert.NotEqual(occurrence.GetProperty("PreviousInstance").Text("State"), occurrence.GetProperty("TargetInstance").Text("State"));
    }

    [Fact]
    public async Task What_the_journal_holds_is_what_journalctl_shows()
    {
        var inside = await systemd.InsideAsync();
        await systemd.RunAsync("sh", "-c", "logger -t farwire-test -p user.warning 'mind the gap'; logger -t farwire-test -p authpriv.err 'who goes there'; journalctl --flush; sync");
        var theirs = (await systemd.RunAsync("journalctl", "-o", "json", "-t", "farwire-test")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement).ToList();

        var ours = await inside.QueryAsync("select * from Win32_NTLogEvent where SourceName = 'farwire-test'");
        var secret = Assert.Single(await inside.QueryAsync("select * from Win32_NTLogEvent where Logfile = 'Security' and SourceName = 'farwire-test'"));
        var again = await inside.GetAsync($"Win32_NTLogEvent?Logfile=Security+RecordNumber={secret.Text("RecordNumber")}");
        var none = await inside.QueryAsync("select * from Win32_NTLogEvent where SourceName = 'farwire-test' and TimeWritten > '20990101000000.000000+000'");
        var files = await inside.ListAsync("Win32_NTEventlogFile");
        var entries = await inside.QueryAsync("select Message,Priority,Identifier from Linux_JournalEntry where Identifier = 'farwire-test' and Priority = 4", "root/linux");

        Assert.Equal(2, theirs.Count);
        Assert.Equal(theirs.Select(e => e.Text("MESSAGE")!).Order(), ours.Select(e => e.Text("Message")!).Order());
        Assert.Equal(theirs.Select(e => e.Text("__REALTIME_TIMESTAMP")![..10]).Order(), ours.Select(e => DateTimeOffset.Parse(e.Text("TimeWritten")!, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(("who goes there", "Error", "1", "root"), (secret.Text("Message"), secret.Text("Type"), secret.Text("EventType"), secret.Text("User")));
        Assert.Equal("who goes there", again.Text("Message"));
        Assert.Contains(ours, e => e.Text("Type") == "Warning" && e.Text("Logfile") == "Application");
        Assert.Empty(none);
        Assert.Equal(["Application", "Security", "System"], files.Select(f => f.Text("LogfileName")).Order());
        Assert.All(files, f => Assert.True(f.Number("NumberOfRecords") > 0 || f.Text("LogfileName") != "System"));
        Assert.Equal("mind the gap", Assert.Single(entries).Text("Message"));
    }

    [Fact]
    public async Task The_units_of_all_types_are_those_in_memory()
    {
        var before = Names(await systemd.RunAsync("systemctl", "list-units", "--all", "--plain", "--no-legend", "--no-pager", "--full"));
        var ours = (await systemd.Service.ListAsync("Linux_SystemdUnit", "root/linux")).ToDictionary(u => u.Text("Name")!);
        var after = Names(await systemd.RunAsync("systemctl", "list-units", "--all", "--plain", "--no-legend", "--no-pager", "--full"));

        // Units come and go while others ask: what both lists have must be there.
        Assert.Empty(before.Intersect(after).Except(ours.Keys));
        Assert.Equal("target", ours["farwire-test.target"].Text("Type"));
        Assert.Equal(("active", "static"), (ours["farwire-test.target"].Text("ActiveState"), ours["farwire-test.target"].Text("UnitFileState")));
    }

    [Fact]
    public async Task A_service_that_failed_says_with_what()
    {
        await systemd.RunAsync("systemctl", "start", "broken");
        while ((await systemd.RunAsync("systemctl", "show", "broken", "-p", "ActiveState", "--value")).Trim() != "failed")
        {
            await Task.Delay(20);
        }

        var status = (await systemd.RunAsync("systemctl", "show", "broken", "-p", "ExecMainStatus", "--value")).Trim();

        var broken = await systemd.Service.GetAsync("Win32_Service?Name=broken");

        Assert.Equal(("Stopped", "Error", "1", status), (broken.Text("State"), broken.Text("Status"), broken.Text("ExitCode"), broken.Text("ExitCode")));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_not_found() =>
        Assert.Contains("2150858752", await systemd.Service.FaultAsync("get", "wmicimv2/Win32_Service?Name=nothing"), StringComparison.Ordinal);

    private static IEnumerable<string[]> Rows(string table) =>
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static HashSet<string> Names(string table) => [.. Rows(table).Select(r => r[0])];

    private static IEnumerable<Dictionary<string, string>> Blocks(string text) => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(b => b.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToDictionary(p => p[0], p => p[1]));
}
