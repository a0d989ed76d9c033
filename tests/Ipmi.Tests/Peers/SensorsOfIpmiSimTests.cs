using System.Globalization;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;
using Farwire.TestKit.Bmc;

namespace Farwire.Ipmi.Tests.Peers;

/// <summary>Sensors of OpenIPMI's simulator, with ipmitool and FreeIPMI reading the same.</summary>
[Trait("Peer", "ipmi_sim")]
public sealed class SensorsOfIpmiSimTests(IpmiSim sim) : IClassFixture<IpmiSim>
{
    private static readonly string[] ThresholdNames =
    [
        nameof(SensorThresholds.LowerNonRecoverable), nameof(SensorThresholds.LowerCritical), nameof(SensorThresholds.LowerNonCritical),
        nameof(SensorThresholds.UpperNonCritical), nameof(SensorThresholds.UpperCritical), nameof(SensorThresholds.UpperNonRecoverable),
    ];

    [Fact]
    [Trait("Feature", "IPM-02")]
    public async Task Every_record_has_the_bytes_that_ipmitool_dumps()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var dump = Path.GetTempFileName();
        await sim.Bmc.IpmitoolAsync("sdr", "dump", dump);

        var repository = await client.Sdr.ReadAsync();

        Assert.Equal(Convert.ToHexString(await File.ReadAllBytesAsync(dump)), string.Concat(repository.Raw.Select(r => Convert.ToHexString(r.Span))));
        Assert.Equal(18, repository.Records.Count);
        File.Delete(dump);
    }

    [Fact]
    [Trait("Feature", "IPM-02")]
    public async Task Every_reading_state_and_threshold_is_that_of_ipmitool()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var expected = (await sim.Bmc.IpmitoolAsync("sensor", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|').Select(f => f.Trim()).ToArray()).ToList();

        var readings = await client.Sensors.ReadAllAsync(withThresholds: true);

        Assert.Equal(expected.Select(f => f[0]), readings.Where(r => r.Sensor is not EventOnlyRecord).Select(r => r.Sensor.Name));
        foreach (var fields in expected)
        {
            var reading = readings.Single(r => r.Sensor.Name == fields[0]);
            Assert.Equal(fields, Row(reading));
        }

        // name | reading | unit | status | lower nr, c, nc | upper nc, c, nr
        static string[] Row(SensorReading r) =>
        [
            r.Sensor.Name,
            r.Value is { } value ? Number(value) : r.IsAvailable ? string.Create(CultureInfo.InvariantCulture, $"0x{r.States:x}") : "na",
            !r.IsAvailable ? "" : r.Sensor.HasThresholds ? r.Unit.ToString() : "discrete",
            !r.IsAvailable ? "na" : !r.Sensor.HasThresholds ? string.Create(CultureInfo.InvariantCulture, $"0x{((r.States & 0xFF) << 8) | 0 | (r.States >> 8):x4}") : r.Health switch
            {
                SensorHealth.Ok => "ok", SensorHealth.NonCritical => "nc", SensorHealth.Critical => "cr", _ => "nr",
            },
            .. ThresholdNames.Select(name => r.Thresholds?[Enum.Parse<ThresholdMask>(name)] is { } value ? Number(value) : "na"),
        ];
    }

    [Fact]
    public async Task Every_reading_is_that_of_FreeIPMI()
    {
        IpmiSim.Need();
        Assert.SkipUnless(File.Exists("/usr/sbin/ipmi-sensors"), "/usr/sbin/ipmi-sensors is not installed");
        await using var client = IpmiClient.OverLan(sim.Options());
        var cache = Directory.CreateTempSubdirectory("farwire-sdr-").FullName;
        var rows = (await sim.Bmc.FreeIpmiAsync("ipmi-sensors", "--comma-separated-output", "--no-header-output", "--output-sensor-thresholds", "--quiet-cache", "--sdr-cache-directory", cache))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        Directory.Delete(cache, recursive: true);

        var readings = await client.Sensors.ReadAllAsync(withThresholds: true);

        Assert.Equal(15, rows.Count);
        foreach (var row in rows)
        {
            var reading = readings.Single(r => r.Sensor.Name == row[1]);
            Assert.Equal(row[3], reading.Value is { } value ? value.ToString("F2", CultureInfo.InvariantCulture) : "N/A");
            Assert.Equal(row[5..11], ThresholdNames.Select(name => reading.Thresholds?[Enum.Parse<ThresholdMask>(name)] is { } threshold ? threshold.ToString("F2", CultureInfo.InvariantCulture) : "N/A"));
        }
    }

    [Fact]
    public async Task A_disabled_sensor_has_no_reading()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options(Farwire.Ipmi.Session.PrivilegeLevel.User));

        var disabled = (await client.Sensors.ReadAllAsync()).Single(r => r.Sensor.Name == "Disabled Temp");

        Assert.Equal((false, false, null, SensorHealth.Unknown), (disabled.IsAvailable, disabled.IsScanned, disabled.Value, disabled.Health));
    }

    [Fact]
    public async Task A_value_that_changes_while_the_controller_runs_is_seen()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var fan = (await client.Sdr.ReadAsync()).FindSensor(4)!;

        await sim.Bmc.CommandAsync("sensor_set_value 0x20 0 4 5 1");
        var slow = await client.Sensors.ReadAsync(fan);
        await sim.Bmc.CommandAsync("sensor_set_value 0x20 0 4 96 1");

        Assert.Equal((250.0, SensorHealth.NonRecoverable), (slow.Value!.Value, slow.Health));
        Assert.Equal(4800.0, (await client.Sensors.ReadAsync(fan)).Value);
    }

    [Fact]
    public async Task Thresholds_set_here_are_seen_by_ipmitool_and_the_reverse()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var sensor = Assert.IsType<FullSensorRecord>((await client.Sdr.ReadAsync()).FindSensor(7)); // 3.3VCC

        var set = await client.Sensors.SetThresholdsAsync(sensor, new SensorThresholds { UpperNonCritical = 3.52, LowerNonCritical = 3.1 });
        Assert.Equal((3.52, 3.104), (set!.UpperNonCritical!.Value, set.LowerNonCritical!.Value)); // 3.1 is nearest to 194 · 0.016
        Assert.Contains("| 3.104     | 3.520     |", (await sim.Bmc.IpmitoolAsync("sensor", "list")).Split('\n').Single(l => l.StartsWith("3.3VCC", StringComparison.Ordinal)), StringComparison.Ordinal);

        await sim.Bmc.IpmitoolAsync("sensor", "thresh", "3.3VCC", "unc", "3.552");
        await sim.Bmc.IpmitoolAsync("sensor", "thresh", "3.3VCC", "lnc", "3.04");
        var back = await client.Sensors.GetThresholdsAsync(sensor);
        Assert.Equal((3.552, 3.04), (back!.UpperNonCritical!.Value, back.LowerNonCritical!.Value));
    }

    [Fact]
    public async Task A_threshold_that_cannot_be_is_refused_before_it_is_sent()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var repository = await client.Sdr.ReadAsync();
        var volts = Assert.IsType<FullSensorRecord>(repository.FindSensor(7));
        var inlet = Assert.IsType<FullSensorRecord>(repository.FindSensor(15));

        await Assert.ThrowsAsync<ArgumentException>(async () => await client.Sensors.SetThresholdsAsync(volts, new SensorThresholds { UpperNonCritical = 230 }));
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.Sensors.SetThresholdsAsync(inlet, new SensorThresholds { UpperCritical = 30 }));
    }

    [Fact]
    public async Task Hysteresis_is_read_and_set()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var sensor = (await client.Sdr.ReadAsync()).FindSensor(1)!;

        Assert.Equal((2, 2), await client.Sensors.GetHysteresisAsync(sensor));
        await client.Sensors.SetHysteresisAsync(sensor, 3, 1);
        Assert.Equal((3, 1), await client.Sensors.GetHysteresisAsync(sensor));
        Assert.Equal("03 01", (await sim.Bmc.IpmitoolAsync("raw", "0x04", "0x25", "0x01", "0xff")).Trim()); // "sensor get" shows what the record says
        await client.Sensors.SetHysteresisAsync(sensor, 2, 2);
    }

    [Fact]
    public async Task Kept_records_are_used_until_they_change()
    {
        IpmiSim.Need();
        var cache = new MemorySdrCache();
        await using (var first = IpmiClient.OverLan(sim.Options(), cache: cache))
        {
            await first.Sdr.ReadAsync();
        }

        var transport = new CountingTransport(new Farwire.Ipmi.Session.LanTransport(sim.Options()));
        await using var second = new IpmiClient(transport, cache: cache);
        var sensors = (await second.Sdr.ReadAsync()).Sensors;

        Assert.Equal(16, sensors.Count);
        Assert.Equal(3, transport.Requests); // repository info, device ID and GUID
    }

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
