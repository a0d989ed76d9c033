using System.Text.Json;
using System.Xml.Linq;
using Farwire.TestKit.Bmc;

namespace Farwire.Peers.Tests;

/// <summary>The built tool against OpenIPMI's simulator, with ipmitool as the second reader.</summary>
public sealed class FarwireBmcTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-bmc-cli-").FullName;
    private SimulatedBmc? _bmc;

    private SimulatedBmc Bmc
    {
        get
        {
            Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
            return _bmc!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (SimulatedBmc.Missing is null)
        {
            _bmc = await SimulatedBmc.StartAsync();
            await File.WriteAllTextAsync(Path.Combine(_folder, "admin"), SimulatedBmc.AdministratorPassword + "\n");
            await File.WriteAllTextAsync(Path.Combine(_folder, "viewer"), SimulatedBmc.ViewerPassword + "\n");
            await File.WriteAllTextAsync(Path.Combine(_folder, "operator"), SimulatedBmc.OperatorPassword + "\n");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_bmc is not null)
        {
            await _bmc.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Feature", "IPM-02")]
    public async Task Sensors_shows_what_ipmitool_shows()
    {
        var outcome = await RunAsync(SimulatedBmc.Viewer, "sensors", "--thresholds", "-o", "json");
        var sensors = JsonDocument.Parse(outcome.Output).RootElement.EnumerateArray().ToDictionary(s => s.GetProperty("sensor").GetString()!);
        var rows = (await Bmc.IpmitoolAsync("sensor", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('|').Select(f => f.Trim()).ToArray());

        Assert.Equal(0, outcome.ExitCode);
        foreach (var row in rows)
        {
            var sensor = sensors[row[0]];
            Assert.Equal(double.TryParse(row[1], out var value) ? value : null, Number(sensor.GetProperty("value")));
            Assert.Equal(
                row[4..10].Select(f => double.TryParse(f, out var threshold) ? (double?)threshold : null),
                new[] { "lnr", "lcr", "lnc", "unc", "ucr", "unr" }.Select(name => Number(sensor.GetProperty(name))));
        }

        Assert.Equal("critical", sensors["FAN2"].GetProperty("health").GetString());
    }

    [Fact]
    public async Task An_alarm_is_an_exit_code()
    {
        Assert.Equal(1, (await RunAsync(SimulatedBmc.Viewer, "sensors", "--alarm", "critical")).ExitCode);
        Assert.Equal(0, (await RunAsync(SimulatedBmc.Viewer, "sensors", "CPU*", "--alarm", "critical")).ExitCode);
        Assert.Equal(1, (await RunAsync(SimulatedBmc.Viewer, "sensors", "CPU*", "--alarm", "warning")).ExitCode);
    }

    [Fact]
    public async Task A_watch_sees_values_change_and_draws_them()
    {
        var svg = Path.Combine(_folder, "dimm.svg");
        Bmc.SetDimmTemperature(41);
        var watched = RunAsync(SimulatedBmc.Viewer, "sensors", "DIMM Temp", "--watch", "--interval", "0.4", "--count", "8", "--svg", svg, "-o", "jsonl");
        Bmc.SetDimmTemperature(93);
        var outcome = await watched;
        var values = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("value").GetDouble()).ToList();

        Assert.Equal(8, values.Count);
        Assert.Equal(93, values[^1]);
        Assert.Single(XDocument.Load(svg).Descendants(), e => e.Name.LocalName == "polyline");
        Assert.Equal(2, XDocument.Load(svg).Descendants().Count(e => e.Name.LocalName == "line")); // its two thresholds

        var plot = await RunAsync(SimulatedBmc.Viewer, "sensors", "CPU1 Temp", "--watch", "--count", "1", "--plot");
        Assert.Contains("CPU1 Temp (degrees C)", plot.Output, StringComparison.Ordinal);
        Assert.Contains('█', plot.Output);
    }

    [Fact]
    public async Task A_threshold_is_set()
    {
        var outcome = await RunAsync(SimulatedBmc.Operator, "sensors", "CPU1 Temp", "--set", "unc=80", "-o", "csv");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(",80,95,105", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("| 80.000    | 95.000    | 105.000", await Bmc.IpmitoolAsync("sensor", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_listed_followed_and_cleared()
    {
        var list = await RunAsync(SimulatedBmc.Viewer, "sel", "-o", "json");
        var records = JsonDocument.Parse(list.Output).RootElement.EnumerateArray().ToList();
        Assert.Equal(8, records.Count);
        Assert.Equal(("2025-06-01T08:00:00Z", "CPU2 Temp", 91.0, 85.0), (
            records[0].GetProperty("time").GetString(), records[0].GetProperty("sensor").GetString(), records[0].GetProperty("reading").GetDouble(), records[0].GetProperty("threshold").GetDouble()));

        var followed = RunAsync(SimulatedBmc.Viewer, "sel", "--watch", "--interval", "0.3", "--count", "8", "-o", "jsonl");
        await Bmc.CommandAsync("sensor_set_value 0x20 0 1 96 1");
        var texts = (await followed).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("event").GetString()).ToList();
        Assert.True(texts.Count > 8, string.Join('\n', texts));
        Assert.Contains("Upper Critical - going high", texts.Skip(8));

        var cleared = await RunAsync(SimulatedBmc.Operator, "sel", "clear", "-o", "json");
        Assert.Equal(0, JsonDocument.Parse(cleared.Output).RootElement[0].GetProperty("entries").GetInt32());
        Assert.Contains("Entries          : 0", await Bmc.IpmitoolAsync("sel", "info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Power_is_switched()
    {
        Assert.StartsWith("off", (await RunAsync(SimulatedBmc.Operator, "power", "off", "--wait", "-o", "csv")).Output.Split('\n')[1], StringComparison.Ordinal);
        Assert.Contains("System Power         : off", await Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
        Assert.StartsWith("on", (await RunAsync(SimulatedBmc.Operator, "power", "on", "--wait", "-o", "csv")).Output.Split('\n')[1], StringComparison.Ordinal);
        Assert.Contains("System Power         : on", await Bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inventory_users_and_raw_commands_are_those_of_ipmitool()
    {
        Assert.Contains("product,serialNumber,PSN0003", (await RunAsync(SimulatedBmc.Viewer, "fru", "-o", "csv")).Output, StringComparison.Ordinal);
        Assert.Contains("3,operator,operator,yes", (await RunAsync(SimulatedBmc.Administrator, "users", "-o", "csv")).Output, StringComparison.Ordinal);
        Assert.Contains((await Bmc.IpmitoolAsync("raw", "6", "1")).Trim(), (await RunAsync(SimulatedBmc.Administrator, "raw", "6", "1")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "sensors", "--nonsense")]
    [InlineData(64, "sensors", "No Such Sensor")]
    [InlineData(64, "coffee")]
    [InlineData(70, "raw", "6", "0x7a")]
    [InlineData(77, "power", "off", "-L", "user")]
    public async Task What_cannot_be_has_its_exit_code(int code, params string[] arguments)
    {
        var outcome = await RunAsync(SimulatedBmc.Viewer, arguments);

        Assert.Equal(code, outcome.ExitCode);
        Assert.NotEmpty(outcome.Errors);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task A_wrong_password_a_dead_port_and_a_silent_host_have_theirs()
    {
        var wrong = await Commands.RunAsync(RunningService.Program("farwire"), ["bmc", "power", "-H", $"127.0.0.1:{Bmc.Port}", "-u", "admin", "--password-file", "-", "-o", "json"], "wrong\n"u8.ToArray());
        Assert.Equal(77, wrong.ExitCode);
        Assert.Equal("Authentication", JsonDocument.Parse(wrong.Errors).RootElement.GetProperty("fault").GetProperty("symbol").GetString());

        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)silent.Client.LocalEndPoint!).Port;
        Assert.Equal(124, (await RunAtAsync($"127.0.0.1:{port}", SimulatedBmc.Viewer, "power", "--deadline", "0.5")).ExitCode);
        silent.Dispose();
        Assert.Equal(69, (await RunAtAsync($"127.0.0.1:{port}", SimulatedBmc.Viewer, "power")).ExitCode);
    }

    [Fact]
    public async Task A_dead_host_does_not_hinder_the_others()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var dead = ((System.Net.IPEndPoint)silent.Client.LocalEndPoint!).Port;
        silent.Dispose();

        var outcome = await RunAtAsync($"127.0.0.1:{dead},127.0.0.1:{Bmc.Port}", SimulatedBmc.Viewer, "power", "-o", "csv");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"127.0.0.1:{Bmc.Port},on", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{dead}", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("sensors")]
    [InlineData("sel")]
    [InlineData("power")]
    [InlineData("fru")]
    [InlineData("users")]
    [InlineData("raw")]
    public async Task Help_has_examples_at_each_level(params string[] verb)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["bmc", .. verb, "--help"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(verb.Length == 0 ? "farwire bmc sensors" : $"farwire bmc {verb[0]} ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes", outcome.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(string user, params string[] arguments) => RunAtAsync($"127.0.0.1:{Bmc.Port}", user, arguments);

    private Task<Outcome> RunAtAsync(string host, string user, params string[] arguments) => Commands.RunAsync(
        RunningService.Program("farwire"),
        ["bmc", .. arguments, "-H", host, "-u", user, "--password-file", Path.Combine(_folder, user == SimulatedBmc.Administrator ? "admin" : user), "--no-cache"]);

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
