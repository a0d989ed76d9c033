using Farwire.Ipmi.Chassis;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;
using Farwire.Ipmi.Session;
using Farwire.TestKit.Bmc;

namespace Farwire.Ipmi.Tests.Peers;

/// <summary>Event log, inventory, power and users of OpenIPMI's simulator, with ipmitool as the second reader.</summary>
[Trait("Peer", "ipmi_sim")]
public sealed class RecordsOfIpmiSimTests(IpmiSim sim) : IClassFixture<IpmiSim>
{
    [Fact]
    public async Task The_log_is_read_written_and_cleared_as_ipmitool_sees_it()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());

        // read
        Assert.Equal(await RawOfIpmitoolAsync(), await RawAsync(client));
        Assert.Contains("Mainboard", (await sim.Bmc.IpmitoolAsync("fru", "print")), StringComparison.Ordinal);

        // written: an event, and a manufacturer's record
        await client.Sel.SetTimeAsync(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
        var now = (await client.Sel.GetTimeAsync())!.Value;
        Assert.InRange(now, new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero), new DateTimeOffset(2026, 3, 4, 5, 7, 7, TimeSpan.Zero));
        await client.Sel.AddAsync(new SelEvent
        {
            GeneratorId = 0x0041, SensorType = SensorType.OperatingSystemStop, SensorNumber = 0, IsAssertion = true, EventType = 0x6F, Data1 = 0x03,
        });
        await client.Sel.AddAsync(new SelOemRecord { RecordType = 0xDD, Timestamp = 0, Manufacturer = 311, Data = new byte[] { 1, 2, 3, 4, 5, 6 } });
        Assert.Equal(await RawOfIpmitoolAsync(), await RawAsync(client));
        var list = await sim.Bmc.IpmitoolAsync("sel", "elist");
        Assert.Contains("OS graceful shutdown", list, StringComparison.Ordinal);
        Assert.Contains("OEM record dd | 000137 | 010203040506", list, StringComparison.Ordinal);
        var added = await client.Sel.ReadAsync().ToListAsync();
        Assert.Equal("OS Graceful Shutdown", added[^2].Text);
        Assert.InRange(added[^2].Time!.Value, now, now.AddMinutes(1));

        // cleared
        await client.Sel.ClearAsync();
        Assert.Equal(0, (await client.Sel.GetInfoAsync()).Entries);
        Assert.Empty(await client.Sel.ReadAsync().ToListAsync());
        Assert.Contains("Entries          : 0", await sim.Bmc.IpmitoolAsync("sel", "info"), StringComparison.Ordinal);

        // an event of the controller's own: a reading crosses a threshold
        await sim.Bmc.CommandAsync("sensor_set_value 0x20 0 1 96 1");
        var events = (await client.Sel.ReadAsync().ToListAsync()).Cast<SelEvent>().ToList();
        await sim.Bmc.CommandAsync("sensor_set_value 0x20 0 1 45 0");
        Assert.Contains(events, e => e is { SensorNumber: 1, Text: "Upper Critical - going high", Health: SensorHealth.Critical });
        Assert.Equal(await RawOfIpmitoolAsync(), await RawAsync(client));
    }

    [Fact]
    public async Task The_inventory_has_the_bytes_that_ipmitool_reads()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options(PrivilegeLevel.User));
        var file = Path.GetTempFileName();
        await sim.Bmc.IpmitoolAsync("fru", "read", "0", file);

        Assert.Equal(await File.ReadAllBytesAsync(file), (await client.Fru.ReadBytesAsync()).ToArray());
        Assert.Equal("X1 Server", (await client.Fru.ReadAsync()).Product!.Name);
        File.Delete(file);
    }

    [Fact]
    public async Task Power_is_switched_and_ipmitool_sees_it()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options(PrivilegeLevel.Operator));

        await client.Chassis.ControlAsync(ChassisControl.PowerDown);
        Assert.False((await client.Chassis.GetStatusAsync()).IsPowered);
        Assert.Contains("System Power         : off", await sim.Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
        await client.Chassis.ControlAsync(ChassisControl.PowerUp);
        Assert.True((await client.Chassis.GetStatusAsync()).IsPowered);
        Assert.Contains("System Power         : on", await sim.Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
        await client.Chassis.ControlAsync(ChassisControl.HardReset);
        await EventuallyAsync(() => sim.Bmc.ChassisLog.Contains(" reset", StringComparison.Ordinal));
        await client.Chassis.IdentifyAsync(TimeSpan.FromSeconds(7));
        await EventuallyAsync(() => sim.Bmc.ChassisLog.Contains("power=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_boot_device_is_set_and_ipmitool_sees_it()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());

        await client.Chassis.SetBootAsync(BootDevice.Network);

        Assert.Equal(BootDevice.Network, (await client.Chassis.GetBootAsync()).Device);
        Assert.Contains("Force PXE", await sim.Bmc.IpmitoolAsync("chassis", "bootparam", "get", "5"), StringComparison.Ordinal);
        await client.Chassis.SetBootAsync(BootDevice.None);
    }

    [Fact]
    public async Task Users_and_channel_are_those_that_ipmitool_lists()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var rows = (await sim.Bmc.IpmitoolAsync("-c", "user", "list", "1")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',')).Where(f => f[4] == "true").ToList();

        var users = await client.Users.ReadAsync();
        var channel = await client.Users.GetChannelAsync();

        Assert.Equal(
            rows.Select(f => (f[0], f[1], f[2], f[3], f[4], f[5])),
            users.Select(u => (
                u.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), u.Name, u.CallbackOnly ? "false" : "true", u.LinkAuthentication ? "true" : "false",
                u.MessagingEnabled ? "true" : "false", u.Privilege.ToString().ToUpperInvariant())));
        Assert.Equal((1, "802.3 LAN"), (channel.Number, channel.MediumName));
        Assert.Equal(2, (await client.Users.GetChannelAccessAsync()).Mode); // always available
    }

    [Fact]
    public async Task A_user_is_made_and_can_sign_in()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());

        await client.Users.SetNameAsync(9, "watcher");
        await client.Users.SetPasswordAsync(9, "watch-it"u8.ToArray());
        await client.Users.SetEnabledAsync(9, true);
        await client.Users.SetAccessAsync(new Farwire.Ipmi.Users.IpmiUser(9, "watcher", PrivilegeLevel.User, null, true, false, false, false));

        Assert.True(await client.Users.TestPasswordAsync(9, "watch-it"u8.ToArray()));
        Assert.Contains("9,watcher,", await sim.Bmc.IpmitoolAsync("-c", "user", "list", "1"), StringComparison.Ordinal);
        await using var watcher = IpmiClient.OverLan(IpmiSim.Of(sim.Bmc.Port, "watcher", "watch-it", PrivilegeLevel.User));
        Assert.Equal("2.15", (await watcher.GetDeviceIdAsync()).Firmware);
        await client.Users.SetEnabledAsync(9, false);
        await client.Users.SetAccessAsync(new Farwire.Ipmi.Users.IpmiUser(9, "watcher", PrivilegeLevel.NoAccess, null, false, false, false, false));
        await client.Users.SetNameAsync(9, "");
    }

    [Fact]
    public async Task The_controller_is_the_one_that_ipmitool_knows()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var info = await sim.Bmc.IpmitoolAsync("mc", "info");

        var id = await client.GetDeviceIdAsync();

        Assert.Contains($"Firmware Revision         : {id.Firmware}", info, StringComparison.Ordinal);
        Assert.Contains($"Manufacturer ID           : {id.Manufacturer}", info, StringComparison.Ordinal);
        Assert.Contains($"Product ID                : {id.Product} ", info, StringComparison.Ordinal);
        Assert.Contains($"IPMI Version              : {id.IpmiVersion}", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_raw_request_gives_its_completion_code_as_it_is()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());

        Assert.Equal(CompletionCode.Ok, (await client.RawAsync(new IpmiRequest(NetworkFunction.Application, 0x01))).CompletionCode);
        Assert.Equal(CompletionCode.InvalidCommand, (await client.RawAsync(new IpmiRequest(NetworkFunction.Application, 0x7A))).CompletionCode);
        Assert.Equal(CompletionCode.RequestLengthInvalid, (await client.RawAsync(new IpmiRequest(NetworkFunction.Chassis, 0x02))).CompletionCode);
    }

    private async Task<string> RawOfIpmitoolAsync()
    {
        var file = Path.GetTempFileName();
        await sim.Bmc.IpmitoolAsync("sel", "writeraw", file);
        var bytes = await File.ReadAllBytesAsync(file);
        File.Delete(file);

        // ipmitool writes the manufacturer of timed OEM records with its first byte last.
        for (var at = 0; at < bytes.Length; at += 16)
        {
            if (bytes[at + 2] is >= 0xC0 and <= 0xDF)
            {
                (bytes[at + 7], bytes[at + 9]) = (bytes[at + 9], bytes[at + 7]);
            }
        }

        return Convert.ToHexString(bytes);
    }

    private static async Task<string> RawAsync(IpmiClient client) =>
        string.Concat((await client.Sel.ReadAsync().ToListAsync()).Select(r => Convert.ToHexString(r.Raw.Span)));

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
