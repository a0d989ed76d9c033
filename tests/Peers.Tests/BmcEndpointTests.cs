using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.TestKit.Bmc;

namespace Farwire.Peers.Tests;

/// <summary>A controller's web service as the built service plays it, in front of OpenIPMI's simulator; ipmitool reads the same controller.</summary>
public sealed class BmcEndpoint : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-endpoint-").FullName;
    private Process? _process;
    private SimulatedBmc? _bmc;

    public SimulatedBmc Bmc => _bmc!;

    public string Http { get; private set; } = "";

    public string Https { get; private set; } = "";

    public string Pin { get; private set; } = "";

    public string User { get; private set; } = "";

    public string Password { get; private set; } = "";

    public static void Need() => Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");

    public Task<Outcome> RunAsync(params string[] words) => Commands.RunAsync("/usr/bin/env", ["FARWIRE_PASSWORD=" + Password, RunningService.Program("farwire"), .. words]);

    public async ValueTask InitializeAsync()
    {
        if (SimulatedBmc.Missing is not null)
        {
            return;
        }

        _bmc = await SimulatedBmc.StartAsync();
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, SimulatedBmc.AdministratorPassword + "\n");
        var run = Path.Combine(_folder, "run");
        _process = Process.Start(new ProcessStartInfo(
            RunningService.Program("farwired"), ["run", "--ephemeral", run, "--bmc-endpoint", "--bmc", $"node1=admin@127.0.0.1:{_bmc.Port},{password}"]))!;
        var file = Path.Combine(run, "connection.json");
        while (!File.Exists(file))
        {
            Assert.False(_process.HasExited, "farwired ended before it was ready");
            await Task.Delay(20);
        }

        var connection = JsonDocument.Parse(await File.ReadAllBytesAsync(file)).RootElement;
        (Http, Https, Pin) = (Text("http"), Text("https"), Text("certificateSha256"));
        (User, Password) = (Text("user"), Text("password"));

        string Text(string name) => connection.GetProperty(name).GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await Commands.RunAsync("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
            _process.Dispose();
            await _bmc!.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Controllers reached by WS-Management, while the machine's own system may be down.</summary>
public sealed class BmcEndpointTests(BmcEndpoint endpoint) : IClassFixture<BmcEndpoint>
{
    private const string Sensors = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_NumericSensor";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "IPM-09")]
    public async Task Winrm_reads_sensors_by_Digest_and_the_URIs_of_the_DMTF(bool overTls)
    {
        BmcEndpoint.Need();
        string[] where = overTls ? [$"-r:{endpoint.Https}", "--pin", endpoint.Pin] : [$"-r:{endpoint.Http}", "-unencrypted"];

        var outcome = await endpoint.RunAsync(["winrm", "e", "cimv2/CIM_NumericSensor", "-a:digest", "-u:" + endpoint.User, "-SPNPort", .. where, "-format:xml"]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var expected = await ReadingsAsync();
        var read = XElement.Parse(outcome.Output).Elements().ToDictionary(e => Property(e, "Name")!, Value);
        Assert.Equal(expected.OrderBy(e => e.Key, StringComparer.Ordinal), read.OrderBy(e => e.Key, StringComparer.Ordinal));

        var refused = await Commands.RunAsync("/usr/bin/env", ["FARWIRE_PASSWORD=wrong", RunningService.Program("farwire"), "winrm", "e", "cimv2/CIM_NumericSensor", "-a:digest", "-u:" + endpoint.User, .. where]);
        Assert.Equal(1, refused.ExitCode);

        static double? Value(XElement sensor) => Property(sensor, "CurrentReading") is { Length: > 0 } number
            ? Math.Round(int.Parse(number, CultureInfo.InvariantCulture) * Math.Pow(10, int.Parse(Property(sensor, "UnitModifier")!, CultureInfo.InvariantCulture)), 3)
            : null;
    }

    [Fact]
    [Trait("Feature", "IPM-09")]
    public async Task Bmc_shows_by_WS_Management_what_it_shows_by_IPMI()
    {
        BmcEndpoint.Need();
        string[] columns = ["value", "unit", "health", "states", "lnr", "lcr", "lnc", "unc", "ucr", "unr"];

        var ipmi = await RowsAsync(["sensors", "--thresholds", "-H", $"127.0.0.1:{endpoint.Bmc.Port}", "-u", SimulatedBmc.Administrator], SimulatedBmc.AdministratorPassword);
        var web = await RowsAsync(["sensors", "--thresholds", .. Web()], endpoint.Password);

        Assert.Equal(ipmi.Count, web.Count);
        var byName = web.ToDictionary(row => row.GetProperty("sensor").GetString()!);
        foreach (var row in ipmi)
        {
            var same = byName[row.GetProperty("sensor").GetString()!];
            Assert.All(columns.Where(c => c is not "states" && (c is "health" || Sensor(row))), c => Assert.Equal(row.GetProperty(c).ToString(), same.GetProperty(c).ToString()));
        }

        var records = await RowsAsync(["sel", .. Web()], endpoint.Password);
        var listed = (await endpoint.Bmc.IpmitoolAsync("sel", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(listed.Length, records.Count);
        Assert.Equal("Temperature Assert: Upper Non-critical - going high", records[0].GetProperty("event").GetString());
        Assert.Equal("2025-06-01T08:00:00Z", records[0].GetProperty("time").GetString());

        static bool Sensor(JsonElement row) => row.GetProperty("unit").GetString()!.Length > 0;
    }

    [Fact]
    [Trait("Feature", "IPM-09")]
    public async Task Power_log_inventory_and_raw_commands_go_the_same_way()
    {
        BmcEndpoint.Need();

        var off = await RowsAsync(["power", "off", "--wait", .. Web()], endpoint.Password);
        Assert.Equal("off", off.Single().GetProperty("power").GetString());
        Assert.Contains("System Power         : off", await endpoint.Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
        Assert.Equal("on", (await RowsAsync(["power", "on", "--wait", .. Web()], endpoint.Password)).Single().GetProperty("power").GetString());
        Assert.Contains("System Power         : on", await endpoint.Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);

        var fru = await RowsAsync(["fru", .. Web()], endpoint.Password);
        Assert.Contains(fru, row => row.GetProperty("value").ToString() == "PSN0003");
        Assert.Equal((await endpoint.Bmc.IpmitoolAsync("raw", "6", "1")).Trim(), (await RowsAsync(["raw", "6", "1", .. Web()], endpoint.Password)).Single().GetProperty("data").GetString());
        Assert.Equal(77, (await Commands.RunAsync("/usr/bin/env", ["FARWIRE_PASSWORD=wrong", RunningService.Program("farwire"), "bmc", "sensors", .. Web()])).ExitCode);
    }

    [Fact]
    public async Task Thresholds_boot_pictures_and_controllers_behind_go_the_same_way()
    {
        BmcEndpoint.Need();
        var picture = Path.GetTempFileName();

        var set = await RowsAsync(["sensors", "CPU1 Temp", "--set", "unc=83", .. Web()], endpoint.Password);
        Assert.Equal(83, set.Single().GetProperty("unc").GetDouble());
        Assert.Contains("Upper Non-Critical    : 83.000", await endpoint.Bmc.IpmitoolAsync("sensor", "get", "CPU1 Temp"), StringComparison.Ordinal);

        await RowsAsync(["sensors", "CPU1 Temp", "--svg", picture, .. Web()], endpoint.Password);
        Assert.Contains("CPU1 Temp", XDocument.Load(picture).ToString(), StringComparison.Ordinal);
        File.Delete(picture);
        var plot = await endpoint.RunAsync(["bmc", "sensors", "CPU1 Temp", "--watch", "--count", "2", "--interval", "0.2", "--plot", .. Web()]);
        Assert.True(plot.ExitCode == 0, plot.Errors);
        Assert.Contains("CPU1 Temp", plot.Output, StringComparison.Ordinal);

        await RowsAsync(["power", "--boot", "network", .. Web()], endpoint.Password);
        Assert.Contains("Force PXE", await endpoint.Bmc.IpmitoolAsync("chassis", "bootparam", "get", "5"), StringComparison.Ordinal);

        var behind = await RowsAsync(["raw", "6", "1", "--responder", "0x30", .. Web()], endpoint.Password);
        Assert.Equal((await endpoint.Bmc.IpmitoolAsync("-t", "0x30", "raw", "6", "1")).Trim(), behind.Single().GetProperty("data").GetString());
    }

    [Fact]
    [Trait("Feature", "IPM-10")]
    [Trait("Peer", "curl")]
    public async Task The_endpoint_serves_hardware_and_nothing_else_to_whoever_proves_himself_by_Digest()
    {
        BmcEndpoint.Need();
        Commands.Need("/usr/bin/curl");
        var answer = XElement.Parse(await CurlAsync(Enumerate(Sensors), "--digest", "-u", $"{endpoint.User}:{endpoint.Password}"));
        var items = answer.Descendants().Where(e => e.Name.LocalName == "NumericSensor").ToList();

        Assert.Equal((await ReadingsAsync()).Keys.Order(StringComparer.Ordinal), items.Select(i => Property(i, "Name")!).Order(StringComparer.Ordinal));
        Assert.Equal("401", await StatusAsync("--digest", "-u", endpoint.User + ":wrong"));
        Assert.Equal("401", await StatusAsync());
        var challenge = await CurlAsync(Enumerate(Sensors), "-i");
        Assert.Contains("WWW-Authenticate: Digest ", challenge, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Negotiate", challenge, StringComparison.OrdinalIgnoreCase);
        foreach (var elsewhere in (string[])["http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell", "http://schemas.microsoft.com/wbem/wsman/1/config/listener"])
        {
            Assert.Contains("Fault", await CurlAsync(Enumerate(elsewhere), "--digest", "-u", $"{endpoint.User}:{endpoint.Password}"), StringComparison.Ordinal);
        }
    }

    private string[] Web() => ["--protocol", "wsman", "-H", endpoint.Https, "--pin", endpoint.Pin, "-u", endpoint.User];

    private static async Task<List<JsonElement>> RowsAsync(string[] words, string password)
    {
        var outcome = await Commands.RunAsync("/usr/bin/env", ["FARWIRE_PASSWORD=" + password, RunningService.Program("farwire"), "bmc", .. words, "-o", "json"]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return [.. JsonDocument.Parse(outcome.Output).RootElement.EnumerateArray()];
    }

    private async Task<Dictionary<string, double?>> ReadingsAsync() => (await endpoint.Bmc.IpmitoolAsync("sensor", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(l => l.Split('|').Select(f => f.Trim()).ToArray()).Where(f => f[2] != "discrete")
        .ToDictionary(f => f[0], f => double.TryParse(f[1], CultureInfo.InvariantCulture, out var value) ? (double?)value : null);

    private async Task<string> CurlAsync(string message, params string[] options) => (await Commands.RunAsync(
        "/usr/bin/curl", ["-s", .. options, "-H", "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary", message, endpoint.Http])).Output;

    private async Task<string> StatusAsync(params string[] options) => await CurlAsync(Enumerate(Sensors), ["-o", "/dev/null", "-w", "%{http_code}", .. options]);

    private static string Enumerate(string uri) => $"""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header><a:To>/wsman</a:To><a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate</a:Action><a:MessageID>1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI></s:Header><s:Body><n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements></n:Enumerate></s:Body></s:Envelope>
        """;

    private static string? Property(XElement instance, string name) => instance.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}
