using System.Globalization;
using System.Text.Json;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Packages, accounts, disks, swap and routes against the system's own tools.</summary>
public sealed class InventoryTests(RunningService service)
{
    [Fact]
    public async Task The_packages_are_those_of_dpkg()
    {
        var dpkg = await OutputAsync("dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\t${Maintainer}\t${binary:Summary}\\n");
        var theirs = dpkg.Split('\n').Select(l => l.Split('\t')).Where(f => f[0] == "installed").Select(f => (f[1], f[2], $"{f[1]}_{f[2]}_{f[3]}.deb", f[4], f[5].Trim())).Order();

        var ours = await service.QueryAsync("select Name,Version,PackageName,Vendor,Description from Win32_Product");

        Assert.Equal(theirs, ours.Select(p => (p.Text("Name")!, p.Text("Version")!, p.Text("PackageName")!, p.Text("Vendor")!, p.Text("Description")!)).Order());
    }

    [Fact]
    public async Task The_accounts_and_groups_are_those_of_getent()
    {
        var passwd = (await OutputAsync("getent", "-s", "files", "passwd")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(':')).ToList();
        var group = (await OutputAsync("getent", "-s", "files", "group")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(':')).ToList();

        var people = await service.QueryAsync("select Name,SID,FullName from Win32_UserAccount");
        var system = await service.QueryAsync("select Name,SID from Win32_SystemAccount");
        var groups = await service.QueryAsync("select Name,SID from Win32_Group");
        var all = await service.QueryAsync("select Name from Win32_Account");

        Assert.Equal(passwd.Select(f => (f[0], "S-1-22-1-" + f[2])).Order(), people.Concat(system).Select(a => (a.Text("Name")!, a.Text("SID")!)).Order());
        Assert.Equal(group.Select(f => (f[0], "S-1-22-2-" + f[2])).Order(), groups.Select(g => (g.Text("Name")!, g.Text("SID")!)).Order());
        Assert.Contains(people, p => p.Text("Name") == "root");
        Assert.Equal(passwd.Count + group.Count, all.Count);
    }

    [Fact]
    public async Task Who_is_in_which_group_is_what_id_says()
    {
        var memberships = (await service.ListAsync("Win32_GroupUser")).Select(m => (Group: m.Text("GroupComponent")!, Account: m.Text("PartComponent")!)).ToList();
        foreach (var account in (await OutputAsync("getent", "-s", "files", "passwd")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(':')[0]).Take(8))
        {
            var groups = (await OutputAsync("id", "-Gn", account)).Trim().Split(' ').Order(StringComparer.Ordinal);
            var ours = memberships.Where(m => m.Account.EndsWith($"Name=\"{account}\"", StringComparison.Ordinal) || m.Account.EndsWith($"Name={account}", StringComparison.Ordinal))
                .Select(m => m.Group.Split("Name=")[^1].Trim('"')).Order(StringComparer.Ordinal);
            Assert.Equal(groups, ours);
        }
    }

    [Fact]
    public async Task The_disks_are_those_of_lsblk()
    {
        var lsblk = await Commands.RunAsync("lsblk", ["-J", "-b", "-o", "NAME,PATH,TYPE,SIZE,LOG-SEC,RO,RM"]);
        Assert.SkipUnless(lsblk.ExitCode == 0, "lsblk does not work here: " + lsblk.Errors);
        var devices = JsonDocument.Parse(lsblk.Output).RootElement.GetProperty("blockdevices").EnumerateArray()
            .Where(d => d.Text("type") == "disk" && Directory.Exists($"/sys/block/{d.Text("name")}/device")).ToList();

        var disks = await service.ListAsync("Win32_DiskDrive");
        var partitions = await service.ListAsync("Win32_DiskPartition");

        Assert.Equal(
            devices.Select(d => (d.Text("path")!, d.Text("size")!, d.Text("log-sec")!)).Order(),
            disks.Select(d => (d.Text("DeviceID")!, d.Text("Size")!, d.Text("BytesPerSector")!)).Order());
        Assert.Equal(
            devices.SelectMany(d => d.TryGetProperty("children", out var parts) ? parts.EnumerateArray().Where(p => p.Text("type") == "part") : [])
                .Select(p => (p.Text("path")!, p.Text("size")!)).Order(),
            partitions.Select(p => (p.Text("DeviceID")!, p.Text("Size")!)).Order());
    }

    [Fact]
    public async Task The_volumes_are_the_mounted_devices_of_findmnt()
    {
        var findmnt = await Commands.RunAsync("findmnt", ["-J", "-b", "--list", "--real", "-o", "TARGET,SOURCE,FSTYPE,SIZE"]);
        Assert.SkipUnless(findmnt.ExitCode == 0, "findmnt does not work here: " + findmnt.Errors);
        var root = JsonDocument.Parse(findmnt.Output).RootElement.GetProperty("filesystems").EnumerateArray().First(f => f.Text("target") == "/");
        Assert.SkipUnless(root.Text("source")!.StartsWith("/dev/", StringComparison.Ordinal), "the root file system lies on no device here");

        var volumes = await service.QueryAsync("select * from Win32_Volume where DriveLetter=NULL and Name='/'");

        var volume = Assert.Single(volumes);
        Assert.Equal((root.Text("size"), root.Text("fstype"), true), (volume.Text("Capacity"), volume.Text("FileSystem"), volume.GetProperty("BootVolume").GetBoolean()));
    }

    [Fact]
    public async Task Swap_areas_are_those_of_swapon()
    {
        var swapon = await OutputAsync("swapon", "--show=NAME,SIZE,USED", "--noheadings", "--bytes", "--raw");
        var theirs = swapon.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' '))
            .Select(f => (f[0], long.Parse(f[1], CultureInfo.InvariantCulture) / 1024 / 1024)).Order();

        Assert.Equal(theirs, (await service.ListAsync("Win32_PageFileUsage")).Select(p => (p.Text("Name")!, p.Number("AllocatedBaseSize"))).Order());
    }

    [Fact]
    public async Task The_routes_are_those_that_ip_shows()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "iproute2 is not installed");
        var theirs = JsonDocument.Parse(await OutputAsync("ip", "-j", "-4", "-N", "route")).RootElement.EnumerateArray()
            .Select(r => (r.Text("dst") is "default" ? "0.0.0.0" : r.Text("dst")!.Split('/')[0], r.TryGetProperty("gateway", out var gateway) ? gateway.GetString()! : "0.0.0.0", r.TryGetProperty("metric", out var metric) ? metric.GetInt64() : 0)).Order();

        Assert.Equal(theirs, (await service.ListAsync("Win32_IP4RouteTable")).Select(r => (r.Text("Destination")!, r.Text("NextHop")!, r.Number("Metric1"))).Order());
    }

    [Fact]
    public async Task The_modules_are_those_of_lsmod()
    {
        Commands.Need("/usr/sbin/lsmod");
        var lsmod = await Commands.RunAsync("/usr/sbin/lsmod", []);
        var theirs = lsmod.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(' ')[0]).Order(StringComparer.Ordinal);

        Assert.Equal(theirs, (await service.QueryAsync("select Name from Win32_SystemDriver")).Select(d => d.Text("Name")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Time_is_what_date_says()
    {
        var utc = Assert.Single(await service.ListAsync("Win32_UTCTime"));
        var local = Assert.Single(await service.ListAsync("Win32_LocalTime"));
        var both = await service.ListAsync("Win32_CurrentTime");

        DateTime Of(JsonElement t) => new((int)t.Number("Year"), (int)t.Number("Month"), (int)t.Number("Day"), (int)t.Number("Hour"), (int)t.Number("Minute"), (int)t.Number("Second"));
        var date = DateTime.ParseExact((await OutputAsync("date", "-u", "+%F %T")).Trim(), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var here = DateTime.ParseExact((await OutputAsync("date", "+%F %T")).Trim(), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        Assert.InRange((date - Of(utc)).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange((here - Of(local)).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(((int)date.DayOfWeek).ToString(CultureInfo.InvariantCulture), utc.Text("DayOfWeek"));
        Assert.Equal(2, both.Count);
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        var outcome = await Commands.RunAsync(program, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }
}
