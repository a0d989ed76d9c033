using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.TestKit.Bmc;

namespace Farwire.Peers.Tests;

/// <summary>A simulated controller, one of our own that answers every completion code, and a dead one, behind one built service.</summary>
public sealed class Rack : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-rack-").FullName;
    private Process? _process;
    private SimulatedBmc? _bmc;
    private RespondingBmc? _answering;

    public SimulatedBmc Bmc => _bmc!;

    public static void Need() => Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");

    public Task<Outcome> WinRmAsync(params string[] arguments) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. arguments, "--connect", Path.Combine(_folder, "run", "connection.json")]);

    public async Task<IReadOnlyList<JsonElement>> EnumerateAsync(string className)
    {
        var outcome = await WinRmAsync("enumerate", "wmi/root/hardware/" + className, "-o", "json");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return [.. outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public async ValueTask InitializeAsync()
    {
        if (SimulatedBmc.Missing is not null)
        {
            return;
        }

        _bmc = await SimulatedBmc.StartAsync();

        // Answers the completion code that the first byte of data asks for.
        _answering = new RespondingBmc(request => request is { Function: 0x06, Command: 0x02, Data: [var code, ..] } ? [code, 0xAB] : [0xC1]);
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, SimulatedBmc.AdministratorPassword + "\n");
        using var dead = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var deadPort = ((System.Net.IPEndPoint)dead.Client.LocalEndPoint!).Port;
        dead.Dispose();
        _process = Process.Start(new ProcessStartInfo(
            RunningService.Program("farwired"),
            [
                "run", "--ephemeral", Path.Combine(_folder, "run"), "--bmc", $"node1=admin@127.0.0.1:{_bmc.Port},{password}",
                "--bmc", $"codes=admin@127.0.0.1:{_answering.Port},{password}", "--bmc", $"dead=admin@127.0.0.1:{deadPort},{password}",
            ]))!;
        while (!File.Exists(Path.Combine(_folder, "run", "connection.json")))
        {
            Assert.False(_process.HasExited, "farwired ended before it was ready");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await Commands.RunAsync("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
            _process.Dispose();
            await _answering!.DisposeAsync();
            await _bmc!.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The hardware classes of the built service, read with the built command, beside ipmitool on the same controller.</summary>
public sealed class HardwareTests(Rack rack) : IClassFixture<Rack>
{
    private const string Log = "wmi/root/hardware/RecordLog?InstanceID=IPMI:node1 SEL";
    private const string System = "wmi/root/hardware/ComputerSystem?CreationClassName=ComputerSystem+Name=node1";

    [Fact]
    [Trait("Feature", "IPM-03")]
    public async Task Every_numeric_sensor_has_the_values_units_and_thresholds_that_ipmitool_shows()
    {
        Rack.Need();
        var rows = (await rack.Bmc.IpmitoolAsync("sensor", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split('|').Select(f => f.Trim()).ToArray()).Where(f => f[2] != "discrete").ToDictionary(f => f[0]);
        string[] thresholds =
        [
            "LowerThresholdFatal", "LowerThresholdCritical", "LowerThresholdNonCritical", "UpperThresholdNonCritical", "UpperThresholdCritical", "UpperThresholdFatal",
        ];
        var units = new Dictionary<string, int> { ["degrees C"] = 2, ["Volts"] = 5, ["Watts"] = 7, ["RPM"] = 19 };

        var sensors = await rack.EnumerateAsync("NumericSensor");

        Assert.Equal(rows.Keys.Order(StringComparer.Ordinal), sensors.Select(s => s.GetProperty("Name").GetString()!).Order(StringComparer.Ordinal));
        foreach (var sensor in sensors)
        {
            var row = rows[sensor.GetProperty("Name").GetString()!];
            Assert.Equal(Text(row[1]), Value(sensor, "CurrentReading"));
            Assert.Equal(row[4..10].Select(Text), thresholds.Select(t => Value(sensor, t)));
            Assert.True(row[2].Length == 0 || units[row[2]] == sensor.GetProperty("BaseUnits").GetInt32());
            Assert.Equal(row[3] switch { "ok" => 5, "nc" => 10, "cr" => 25, "nr" => 30, _ => 0 }, sensor.GetProperty("HealthState").GetInt32());
        }

        var volts = sensors.Single(s => s.GetProperty("Name").GetString() == "12V");
        Assert.Equal((1206, -2, "6.0.32", "Voltage(6.0.32)", "12V(6.0.32):Voltage for System board 1"), (
            volts.GetProperty("CurrentReading").GetInt32(), volts.GetProperty("UnitModifier").GetInt32(), volts.GetProperty("DeviceID").GetString(),
            volts.GetProperty("Caption").GetString(), volts.GetProperty("Description").GetString()));

        static double? Text(string field) => double.TryParse(field, CultureInfo.InvariantCulture, out var value) ? value : null;
        static double? Value(JsonElement sensor, string name) => sensor.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? Math.Round(value.GetInt32() * Math.Pow(10, sensor.GetProperty("UnitModifier").GetInt32()), 3)
            : null;
    }

    [Fact]
    [Trait("Feature", "IPM-03")]
    public async Task Discrete_sensors_have_the_states_of_their_type()
    {
        Rack.Need();
        var sensors = (await rack.EnumerateAsync("Sensor")).ToDictionary(s => s.GetProperty("Name").GetString()!, s => s.GetProperty("CurrentState").GetString());

        Assert.Equal("Presence Detected, Failure Detected", sensors["PSU2 Status"]);
        Assert.Equal(("Presence Detected", "Normal", "Presence Detected"), (sensors["PSU1 Status"], sensors["Chassis Intru"], sensors["CPU1 Status"]));
        Assert.Equal(5, sensors.Count);
        Assert.All(await rack.EnumerateAsync("Sensor"), s => Assert.Equal("Sensor", s.GetProperty("CreationClassName").GetString()));
    }

    [Fact]
    [Trait("Feature", "IPM-04")]
    public async Task Only_the_non_critical_thresholds_are_written()
    {
        Rack.Need();
        const string sensor = "wmi/root/hardware/NumericSensor?SystemCreationClassName=ComputerSystem+SystemName=node1+CreationClassName=NumericSensor+DeviceID=7.0.32"; // 3.3VCC

        var set = await rack.WinRmAsync("set", sensor, "@{UpperThresholdNonCritical=\"3520\";LowerThresholdNonCritical=\"3104\"}", "-o", "json");
        Assert.True(set.ExitCode == 0, set.Errors);
        Assert.Equal(3520, JsonDocument.Parse(set.Output).RootElement.GetProperty("UpperThresholdNonCritical").GetInt32());
        Assert.Contains("| 3.104     | 3.520     |", await LineAsync(), StringComparison.Ordinal);

        var refused = await rack.WinRmAsync("set", sensor, "@{UpperThresholdCritical=\"3700\"}");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("UpperThresholdCritical cannot be written", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("| 3.616     |", await LineAsync(), StringComparison.Ordinal);

        var restored = await rack.WinRmAsync("invoke", "RestoreDefaultThresholds", sensor, "-o", "json");
        Assert.Contains("\"ReturnValue\":", restored.Output, StringComparison.Ordinal);
        Assert.Equal("0", Return(restored));
        Assert.Contains("| 3.040     | 3.552     |", await LineAsync(), StringComparison.Ordinal);
        Assert.Equal("1", Return(await rack.WinRmAsync("invoke", "GetNonLinearFactors", sensor, "@{SensorReading=\"3300\"}", "-o", "json")));
        Assert.Equal("1", Return(await rack.WinRmAsync("invoke", "Reset", sensor, "-o", "json")));

        async Task<string> LineAsync() => (await rack.Bmc.IpmitoolAsync("sensor", "list")).Split('\n').Single(l => l.StartsWith("3.3VCC", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "IPM-05")]
    public async Task The_log_is_read_as_records_and_cleared()
    {
        Rack.Need();
        var count = int.Parse((await rack.Bmc.IpmitoolAsync("sel", "info")).Split('\n').Single(l => l.StartsWith("Entries", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
        var records = await rack.EnumerateAsync("LogRecord");
        var log = Assert.Single(await rack.EnumerateAsync("RecordLog"));

        Assert.Equal(count, records.Count);
        Assert.Equal(count, log.GetProperty("CurrentNumberOfRecords").GetInt32());
        Assert.Equal("*CPU2 Temp(2.0.32)*01 00*02*80 08 3C 68*20 00*04*01*02*true*01*57*5B*55*", records[0].GetProperty("RecordData").GetString());
        Assert.StartsWith("*string CIM_Sensor.DeviceID*uint8[2] IPMI_RecordID*uint8 IPMI_RecordType*", records[0].GetProperty("RecordFormat").GetString(), StringComparison.Ordinal);
        Assert.Equal("Temperature Assert: Upper Non-critical - going high", records[0].GetProperty("Caption").GetString());
        Assert.Equal("Physical Security Deassert: General Chassis Intrusion", records[4].GetProperty("Caption").GetString());
        Assert.Equal(("OEM SEL", "OEM SEL"), (records[6].GetProperty("Caption").GetString(), records[7].GetProperty("Caption").GetString()));

        Assert.Equal("0", Return(await rack.WinRmAsync("invoke", "ClearLog", Log, "-o", "json")));
        Assert.Equal(0, (await rack.EnumerateAsync("RecordLog"))[0].GetProperty("CurrentNumberOfRecords").GetInt32());
        Assert.Contains("Entries          : 0", await rack.Bmc.IpmitoolAsync("sel", "info"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "IPM-06")]
    public async Task Power_is_switched_by_both_methods()
    {
        Rack.Need();

        Assert.Equal("0", Return(await rack.WinRmAsync("invoke", "RequestStateChange", System, "@{RequestedState=\"3\"}", "-o", "json")));
        Assert.Contains("System Power         : off", await rack.Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
        Assert.Equal("0", Return(await rack.WinRmAsync("invoke", "SetPowerState", System, "@{PowerState=\"1\"}", "-o", "json")));
        Assert.Contains("System Power         : on", await rack.Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
        Assert.Equal("1", Return(await rack.WinRmAsync("invoke", "SetPowerState", System, "@{PowerState=\"7\"}", "-o", "json"))); // hibernate: no chassis can
        Assert.Equal(2, JsonDocument.Parse((await rack.WinRmAsync("get", System, "-o", "json")).Output).RootElement.GetProperty("EnabledState").GetInt32());
    }

    [Fact]
    [Trait("Feature", "IPM-07")]
    public async Task Accounts_and_privileges_are_those_of_ipmitool_and_each_instance_is_found_by_its_keys()
    {
        Rack.Need();
        var users = (await rack.Bmc.IpmitoolAsync("-c", "user", "list", "1")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).Where(f => f[4] == "true").ToList();
        var accounts = await rack.EnumerateAsync("Account");
        var privileges = await rack.EnumerateAsync("AuthorizedPrivilege");

        Assert.Equal(users.Select(f => (f[0], f[1].Length > 0 ? f[1] : $"User {f[0]}")), accounts.Select(a => (a.GetProperty("UserID").GetString()!, a.GetProperty("Name").GetString()!)));
        Assert.Equal(users.Select(f => f[5]), privileges.Select(p => p.GetProperty("ElementName").GetString()!.ToUpperInvariant()));
        foreach (var className in (string[])["AdminDomain", "SystemSpecificCollection", "ConcreteCollection", "Account", "AuthorizedPrivilege", "PrivilegeGroup", "RegisteredProfile"])
        {
            var references = (await rack.WinRmAsync("enumerate", "wmi/root/hardware/" + className, "-returntype:EPR", "-o", "json")).Output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("@reference").GetString()!).ToList();
            Assert.NotEmpty(references);
            var got = await rack.WinRmAsync("get", references[0], "-o", "json");
            Assert.True(got.ExitCode == 0, got.Errors);
            Assert.Equal(className, JsonDocument.Parse(got.Output).RootElement.GetProperty("@class").GetString());
        }
    }

    [Fact]
    [Trait("Feature", "IPM-08")]
    [Trait("Feature", "WMI-01")]
    public async Task A_raw_request_returns_every_completion_code()
    {
        Rack.Need();
        var id = await RawAsync("node1", 1, "");
        Assert.Equal("0", id["CompletionCode"]);
        Assert.Equal("0 " + string.Join(' ', (await rack.Bmc.IpmitoolAsync("raw", "6", "1")).Trim().Split(' ').Select(b => Convert.ToByte(b, 16))), id["ResponseData"]);
        Assert.Equal("193", (await RawAsync("node1", 0x7A, ""))["CompletionCode"]);

        // 02h at the controller of our own answers what it is asked for; 0xC0 and 0xC3 are not asked again, for the caller wants them as they are.
        for (var code = 0xC0; code <= 0xD5; code++)
        {
            var answer = await RawAsync("codes", 2, $"<p:RequestData>{code}</p:RequestData>");
            Assert.Equal((code.ToString(CultureInfo.InvariantCulture), "2"), (answer["CompletionCode"], answer["ResponseDataSize"]));
        }

        var firmware = await rack.WinRmAsync("invoke", "RequestResponse", "wmi/root/wmi/Microsoft_IPMI?InstanceName=node1", "@{NetworkFunction=\"8\";Command=\"1\"}");
        Assert.Contains("node1: requests that change firmware", firmware.Errors, StringComparison.Ordinal);
        Assert.Equal("false", (await OutputAsync("SMS_Attention", "node1", "<p:SMS_Attention_INPUT xmlns:p='http://schemas.microsoft.com/wbem/wsman/1/wmi/root/wmi/Microsoft_IPMI'/>"))["AttentionSet"]);
    }

    [Fact]
    public async Task A_dead_controller_is_shown_and_holds_back_nobody()
    {
        Rack.Need();
        var systems = (await rack.EnumerateAsync("ComputerSystem")).ToDictionary(s => s.GetProperty("Name").GetString()!);

        Assert.Equal(["codes", "dead", "node1"], systems.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Lost Comm", systems["dead"].GetProperty("Status").GetString());
        Assert.Contains("nothing listens", systems["dead"].GetProperty("StatusDescriptions")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("OK", systems["node1"].GetProperty("Status").GetString());
        var sensor = await rack.WinRmAsync("invoke", "ClearLog", "wmi/root/hardware/RecordLog?InstanceID=IPMI:dead SEL");
        Assert.Equal(1, sensor.ExitCode);
    }

    [Fact]
    public async Task Associations_lead_from_a_machine_to_its_sensors_log_and_users_and_back()
    {
        Rack.Need();
        const string machine = "{Object=wmi/root/hardware/ComputerSystem?CreationClassName=ComputerSystem+Name=node1;";

        Assert.Equal((await rack.EnumerateAsync("NumericSensor")).Count(s => s.GetProperty("SystemName").GetString() == "node1"), await CountAsync("NumericSensor", machine + "AssociationClassName=SystemDevice;ResultClassName=NumericSensor}"));
        Assert.Equal((await rack.EnumerateAsync("Account")).Count(a => a.GetProperty("SystemName").GetString() == "node1"), await CountAsync("Account", machine + "AssociationClassName=AccountOnSystem}"));
        Assert.Equal(2, await CountAsync("CIM_Collection", machine + "AssociationClassName=OwningCollectionElement}"));
        Assert.Equal(1, await CountAsync("AdminDomain", machine + "AssociationClassName=SystemComponent}"));
        Assert.Equal(1, await CountAsync("RecordLog", machine + "AssociationClassName=UseOfLog}"));
        Assert.Equal((await rack.EnumerateAsync("LogRecord")).Count(r => r.GetProperty("LogName").GetString() == "IPMI:node1 SEL"), await CountAsync("LogRecord", "{Object=wmi/root/hardware/RecordLog?InstanceID=IPMI:node1 SEL;AssociationClassName=LogManagesRecord}"));
        Assert.Equal(15, await CountAsync("CIM_Sensor", "{Object=wmi/root/hardware/SystemSpecificCollection?InstanceID=IPMI:node1 Sensors;AssociationClassName=MemberOfCollection}"));

        async Task<int> CountAsync(string className, string filter)
        {
            var outcome = await rack.WinRmAsync("enumerate", "wmi/root/hardware/" + className, "-dialect:association", "-filter:" + filter, "-o", "json");
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            return outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        }
    }

    [Fact]
    [Trait("Feature", "WMI-01")]
    public async Task The_other_family_of_URIs_leads_to_the_same_sensors()
    {
        Rack.Need();
        var dmtf = await rack.WinRmAsync("enumerate", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_NumericSensor?__cimnamespace=root/hardware", "-o", "json");

        Assert.Equal((await rack.EnumerateAsync("NumericSensor")).Count, dmtf.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private Task<Dictionary<string, string>> RawAsync(string machine, int command, string data) => OutputAsync(
        "RequestResponse", machine,
        $"<p:RequestResponse_INPUT xmlns:p='http://schemas.microsoft.com/wbem/wsman/1/wmi/root/wmi/Microsoft_IPMI'><p:NetworkFunction>6</p:NetworkFunction><p:Lun>0</p:Lun><p:ResponderAddress>32</p:ResponderAddress><p:Command>{command}</p:Command><p:RequestDataSize>{(data.Length > 0 ? 1 : 0)}</p:RequestDataSize>{data}</p:RequestResponse_INPUT>");

    private async Task<Dictionary<string, string>> OutputAsync(string method, string machine, string input)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, input);
        var outcome = await rack.WinRmAsync("invoke", method, "wmi/root/wmi/Microsoft_IPMI?InstanceName=" + machine, "-file:" + file, "-format:xml");
        File.Delete(file);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return XElement.Parse(outcome.Output).Elements().GroupBy(e => e.Name.LocalName).ToDictionary(g => g.Key, g => string.Join(' ', g.Select(e => e.Value)));
    }

    private static string Return(Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement.GetProperty("ReturnValue").ToString();
    }
}
