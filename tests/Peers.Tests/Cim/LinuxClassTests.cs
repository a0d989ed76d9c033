using System.Globalization;

namespace Farwire.Peers.Tests.Cim;

/// <summary>The classes of root/linux against the system's own tools.</summary>
public sealed class LinuxClassTests(RunningService service)
{
    [Fact]
    public async Task A_process_has_the_user_and_nice_value_that_ps_shows()
    {
        var ps = (await Commands.RunAsync("ps", ["-o", "euid=,egid=,ni=,ppid=,nlwp=", "-p", "1"])).Output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => long.Parse(f, CultureInfo.InvariantCulture));

        var init = Assert.Single(await service.QueryAsync("select * from Linux_Process where ProcessId=1", "root/linux"));

        Assert.Equal(ps, [init.Number("UserId"), init.Number("GroupId"), init.Number("Nice"), init.Number("ParentProcessId"), init.Number("Threads")]);
        Assert.Matches("^[RSDI]$", init.Text("State"));
    }

    [Fact]
    public async Task A_setting_of_the_kernel_has_the_value_that_sysctl_shows()
    {
        Commands.Need("/usr/sbin/sysctl");
        var sysctl = (await Commands.RunAsync("/usr/sbin/sysctl", ["-n", "kernel.ostype", "net.ipv4.ip_forward"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var type = Assert.Single(await service.QueryAsync("select Value from Linux_SysctlSetting where Name='kernel.ostype'", "root/linux"));
        var forward = Assert.Single(await service.QueryAsync("select Value from Linux_SysctlSetting where Name='net.ipv4.ip_forward'", "root/linux"));
        var outside = await service.QueryAsync("select Value from Linux_SysctlSetting where Name='....etc.passwd'", "root/linux");

        Assert.Equal((sysctl[0], sysctl[1]), (type.Text("Value"), forward.Text("Value")));
        Assert.Empty(outside);
    }

    [Fact]
    public async Task The_routes_are_those_that_ip_shows_and_a_socket_has_its_process()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "iproute2 is not installed");
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var theirs = System.Text.Json.JsonDocument.Parse((await Commands.RunAsync("ip", ["-j", "-4", "-N", "route", "show", "table", "254"])).Output).RootElement.GetArrayLength();

        var routes = await service.QueryAsync("select * from Linux_Route where Table = 254 and Destination like '%.%'", "root/linux");
        var socket = Assert.Single(await service.QueryAsync($"select * from Linux_Socket where LocalPort = {port} and State = 'Listen'", "root/linux"));
        listener.Stop();

        Assert.Equal(theirs, routes.Count);
        Assert.Equal(("tcp", "127.0.0.1", Environment.ProcessId), (socket.Text("Protocol"), socket.Text("LocalAddress"), socket.Number("ProcessId")));
    }

    [Fact]
    public async Task A_neighbor_that_ip_adds_is_there_and_inodes_are_those_of_df()
    {
        var added = await Commands.RunAsync("ip", ["neighbor", "replace", "2001:db8::77", "lladdr", "02:00:00:00:00:4d", "dev", "lo", "nud", "permanent"]);
        Assert.SkipUnless(added.ExitCode == 0, "no neighbor can be added here: " + added.Errors);

        var neighbor = Assert.Single(await service.QueryAsync("select * from Linux_Neighbor where Address = '2001:db8::77'", "root/linux"));
        var asWindows = Assert.Single(await service.QueryAsync("select * from MSFT_NetNeighbor where IPAddress = '2001:db8::77'", "root/standardcimv2"));
        await Commands.RunAsync("ip", ["neighbor", "delete", "2001:db8::77", "dev", "lo"]);
        var theirs = (await Commands.RunAsync("df", ["--output=itotal", "/"])).Output.Split('\n')[1].Trim();
        var usage = Assert.Single(await service.QueryAsync("select * from Linux_FileSystemUsage where MountPoint = '/'", "root/linux"));

        Assert.Equal(("02:00:00:00:00:4d", 128), (neighbor.Text("LinkAddress"), neighbor.Number("State")));
        Assert.Equal(("02-00-00-00-00-4D", 6, "lo"), (asWindows.Text("LinkLayerAddress"), asWindows.Number("State"), asWindows.Text("InterfaceAlias")));
        Assert.Empty(await service.QueryAsync("select * from Linux_Neighbor where Address = '2001:db8::77'", "root/linux"));
        Assert.Equal(theirs == "-" ? "0" : theirs, usage.Text("Files"));
    }

    [Fact]
    public async Task The_load_and_the_pressure_are_there()
    {
        var os = Assert.Single(await service.ListAsync("Linux_OperatingSystem", "root/linux"));
        var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
        var pressure = await service.ListAsync("Linux_PressureStall", "root/linux");

        Assert.Equal((boot, (await Commands.RunAsync("uname", ["-r"])).Output.Trim()), (os.Text("BootId"), os.Text("KernelRelease")));
        Assert.Equal(File.Exists("/proc/pressure/cpu"), pressure.Any(p => p.Text("Resource") == "cpu"));
    }
}
