using System.Text;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Ipmi;
using Farwire.Ipmi.Session;
using Farwire.Providers.Contract;
using Farwire.Providers.Hardware.Bmc;
using Farwire.TestKit.Bmc;
using Microsoft.Extensions.Logging;

namespace Farwire.Providers.Tests;

/// <summary>What the service writes to controllers, and what it tells of them.</summary>
public sealed class HardwareRecordsTests
{
    [Fact]
    [Trait("Feature", "IPM-12")]
    [Trait("Peer", "ipmi_sim")]
    public async Task Boot_and_shutdown_are_written_to_the_log_and_read_by_ipmitool_and_as_LogRecord()
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        await using var bmc = await SimulatedBmc.StartAsync();
        await using (var client = IpmiClient.OverLan(Lan(bmc.Port)))
        {
            await SystemRecords.WriteBootAsync(client);
            await SystemRecords.WriteShutdownAsync(client, 0x80040001);
        }

        var list = await bmc.IpmitoolAsync("sel", "elist");
        await using var controllers = new Controllers(Options(bmc.Port));
        var records = await LogRecordClass.Over(CimSchema.Hardware, controllers).EnumerateAsync(CimNeed.All, CancellationToken.None).ToListAsync();

        Assert.Contains("OS Boot", list, StringComparison.Ordinal);
        Assert.Contains("OS graceful shutdown", list, StringComparison.Ordinal);
        Assert.Contains("OEM record dd | 000137 | 010001000480", list, StringComparison.Ordinal);
        Assert.Equal(
            ["OS Boot Assert: C: Boot Completed", "OS Stop Assert: OS Graceful Shutdown", "OEM SEL"], records[^3..].Select(r => r["Caption"].AsString()));
        Assert.EndsWith("*37 01 00*01 00 01 00 04 80*", records[^1]["RecordData"].AsString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "IPM-04")]
    public async Task A_threshold_that_the_controller_does_not_take_is_told()
    {
        // says yes to Set Sensor Thresholds and keeps 85
        await using var bmc = new RespondingBmc(request => request switch
        {
            { Function: 0x06, Command: 0x01 } => [0x00, 0x20, 0x01, 0x02, 0x15, 0x02, 0xBF, 0xB7, 0xA2, 0x00, 0x02, 0x01],
            { Function: 0x0A, Command: 0x20 } => [0, 0x51, 1, 0, 0xFF, 0xFF, 1, 0, 0, 0, 1, 0, 0, 0, 0x02],
            { Function: 0x0A, Command: 0x23 } => [0, 0xFF, 0xFF, .. Temperature()],
            { Function: 0x04, Command: 0x2D } => [0, 45, 0xC0, 0xC0],
            { Function: 0x04, Command: 0x27 } => [0, 0x08, 0, 0, 0, 85, 0, 0],
            { Function: 0x04, Command: 0x26 } => [0],
            _ => [0xC1],
        });
        var told = new Told();
        await using var controllers = new Controllers(Options(bmc.Port), logger: told);
        var sensors = Assert.IsType<CimTable<SensorRow>>(NumericSensorClass.Over(CimSchema.Hardware, controllers));

        var after = await sensors.PutAsync(
            ["NumericSensor", "1.0.32", "ComputerSystem", "node1"], new CimChanges(new Dictionary<string, CimValue> { ["UpperThresholdNonCritical"] = 70 }) { Caller = new CimCaller("root", "root", IsAdministrator: true) }, CancellationToken.None);

        Assert.Equal(85, after!["UpperThresholdNonCritical"].AsInt64());
        Assert.Equal((1001, "The upper non-critical threshold of Temp on node1 was written, but did not change"), Assert.Single(told.Entries));
    }

    [Fact]
    public async Task Without_a_controller_the_namespaces_are_not_there()
    {
        await using var controllers = new Controllers(new HardwareOptions());

        Assert.Empty(new CimCatalog().AddHardware(controllers).Namespaces);
    }

    [Fact]
    public async Task A_slow_controller_holds_back_only_what_is_its_own()
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        using var gate = new ManualResetEventSlim();
        await using var quick = await SimulatedBmc.StartAsync();
        await using var slow = new RespondingBmc(request =>
        {
            gate.Wait();
            return request is { Function: 0x06, Command: 0x01 } ? [0x00, 0x20, 0x01, 0x02, 0x15, 0x02, 0xBF, 0xB7, 0xA2, 0x00, 0x02, 0x01] : [0xC1];
        });
        await using var controllers = new Controllers(new HardwareOptions
        {
            Patience = TimeSpan.FromMinutes(5), // whoever waits for the slow one waits for ever
            Controllers = [new ControllerOptions { Name = "slow", Lan = Lan(slow.Port) with { Attempts = 1000 } }, new ControllerOptions { Name = "quick", Lan = Lan(quick.Port) }],
        });

        // All of the quick one's sensors are there while the slow one has not answered at all.
        await using var rows = NumericSensorClass.Over(CimSchema.Hardware, controllers).EnumerateAsync(CimNeed.All, CancellationToken.None).GetAsyncEnumerator();
        var count = (await quick.IpmitoolAsync("sensor", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Split('|')[2].Trim() != "discrete");
        for (var i = 0; i < count; i++)
        {
            Assert.True(await rows.MoveNextAsync());
            Assert.Equal("quick", rows.Current["SystemName"].AsString());
        }

        var more = rows.MoveNextAsync().AsTask();
        Assert.False(more.IsCompleted);
        gate.Set();
        Assert.False(await more);
    }

    private static HardwareOptions Options(int port) => new() { Controllers = [new ControllerOptions { Name = "node1", Lan = Lan(port) }] };

    private static LanOptions Lan(int port) => new()
    {
        Host = "127.0.0.1", Port = port, User = SimulatedBmc.Administrator, Password = Encoding.UTF8.GetBytes(SimulatedBmc.AdministratorPassword), Privilege = PrivilegeLevel.Administrator,
    };

    // a full record: sensor 1, degrees C, one a count, upper non-critical readable and settable
    private static byte[] Temperature()
    {
        var record = new byte[52];
        (record[0], record[2], record[3], record[4]) = (1, 0x51, 0x01, 47);
        (record[5], record[7], record[8], record[9]) = (0x20, 1, 0x03, 1);
        (record[11], record[12], record[13]) = (0x08, 0x01, 0x01);
        (record[18], record[19], record[21], record[24]) = (0x08, 0x08, 0x01, 0x01);
        record[35] = 0xFF;
        record[47] = 0xC4;
        "Temp"u8.CopyTo(record.AsSpan(48));
        return record;
    }

    private sealed class Told : ILogger
    {
        public List<(int Id, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((eventId.Id, formatter(state, exception)));
    }
}
