using System.Globalization;
using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Plugins;

/// <summary>The life of a plug-in's process, and the limits of plug-ins, seen with curl.</summary>
public sealed class ProcessTests
{
    private const string Notes = Registration.Notes;

    [Fact]
    [Trait("Feature", "PLG-07")]
    public async Task A_plug_in_has_a_process_of_its_own_that_ends_when_nobody_asks_for_a_while()
    {
        await using var service = await StartAsync("ProcessIdleTimeoutSec=\"1\"");
        var first = int.Parse(Value(await DescribeAsync(service), "Process"), CultureInfo.InvariantCulture);

        Assert.NotEqual(service.ProcessId, first);
        await AdministeredService.UntilAsync(() => Task.FromResult(!Directory.Exists($"/proc/{first}")));
        Assert.Equal(["startup 0", "shutdown 4"], await DiaryAsync(service));

        var second = Value(await DescribeAsync(service), "Process");
        Assert.NotEqual(first.ToString(CultureInfo.InvariantCulture), second);
    }

    [Fact]
    [Trait("Feature", "PLG-08")]
    public async Task With_AutoRestart_it_starts_with_the_service_and_again_after_a_crash()
    {
        await using var service = await StartAsync("AutoRestart=\"true\"");
        await AdministeredService.UntilAsync(async () => (await DiaryAsync(service)).Length == 1);
        Assert.Equal(["startup 1"], await DiaryAsync(service));

        var process = Value(await DescribeAsync(service), "Process");
        Assert.Equal(0, (await Commands.RunAsync("kill", ["-KILL", process])).ExitCode);
        await AdministeredService.UntilAsync(async () => (await DiaryAsync(service)).Length == 2);
        Assert.Equal("startup 2", (await DiaryAsync(service))[1]);
        Assert.Equal("2", Value(await DescribeAsync(service), "Reason"));
    }

    [Fact]
    public async Task Without_AutoRestart_a_crash_costs_the_requests_in_it_alone()
    {
        await using var service = await StartAsync("");
        var waiting = service.CurlAsync(Soap.Message(Notes + "/Wait", Notes, ""));
        await AdministeredService.UntilAsync(async () => (await DiaryAsync(service)).Contains("waiting"));
        var process = Value(await DescribeAsync(service), "Process");

        Assert.Equal(0, (await Commands.RunAsync("kill", ["-KILL", process])).ExitCode);

        Assert.Contains("Code=\"2150858883\"", await waiting, StringComparison.Ordinal);
        Assert.Equal("0", Value(await DescribeAsync(service), "Reason"));
        Assert.NotEqual(process, Value(await DescribeAsync(service), "Process"));
    }

    [Theory]
    [InlineData("Exit")]
    [InlineData("Abandon")] // with a program of its own that goes on
    [Trait("Feature", "PLG-06")]
    public async Task One_that_dies_in_an_operation_takes_nobodys_place(string method)
    {
        await using var service = await StartAsync("", "<Quotas MaxConcurrentOperations=\"1\"/>");

        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("Code=\"2150858883\"", await service.CurlAsync(Soap.Message($"{Notes}/{method}", Notes, "")), StringComparison.Ordinal);
        }

        Assert.Contains("Describe_OUTPUT", await DescribeAsync(service), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "SVC-17")]
    public async Task A_service_that_stops_says_so_to_its_plug_ins()
    {
        var service = await StartAsync("");
        await DescribeAsync(service);
        await service.RestartAsync();
        Assert.Equal(["startup 0", "shutdown 2"], await DiaryAsync(service));
        await service.DisposeAsync();
    }

    [Fact]
    [Trait("Feature", "SVC-17")]
    public async Task A_system_that_goes_down_says_so_to_its_plug_ins()
    {
        Commands.Need("/usr/bin/dbus-daemon");
        Assert.SkipUnless((await Commands.RunAsync("/usr/bin/python3", ["-c", "import dbusmock"])).ExitCode == 0, "python3-dbusmock is not installed");
        using var mock = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "systemd_mock.py"), "stopping"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var bus = await mock.StandardOutput.ReadLineAsync();
        var service = await StartAsync("");
        service.Set("DBUS_SYSTEM_BUS_ADDRESS", bus!);
        await service.RestartAsync();
        await DescribeAsync(service);
        await service.RestartAsync();
        Assert.Equal(["startup 0", "shutdown 1"], await DiaryAsync(service));
        await service.DisposeAsync();
        mock.StandardInput.Close();
        await mock.WaitForExitAsync();
    }

    [Fact]
    public async Task A_plug_in_that_hangs_holds_up_nobody_else_and_not_the_end_of_the_service()
    {
        await using var service = await StartAsync("");
        var hanging = service.CurlAsync(Soap.Message(Notes + "/Hang", Notes, "", "<w:OperationTimeout>PT0.5S</w:OperationTimeout>"));
        Assert.Contains("Code=\"2150858793\"", await hanging, StringComparison.Ordinal);
        Assert.Contains("Describe_OUTPUT", await DescribeAsync(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_stopped_and_reads_nothing_holds_up_nobody_beyond_his_time()
    {
        await using var service = await StartAsync("");
        var process = Value(await DescribeAsync(service), "Process");
        Assert.Equal(0, (await Commands.RunAsync("kill", ["-STOP", process])).ExitCode);
        var large = Soap.Message(Notes + "/Describe", Notes, $"<x>{new string('x', 100_000)}</x>", "<w:OperationTimeout>PT0.5S</w:OperationTimeout>");

        // The pipe holds less than one of these: the second waits for the first to be written.
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => service.CurlAsync(large))))
        {
            Assert.Contains("Code=\"2150858793\"", answer, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await Commands.RunAsync("kill", ["-CONT", process])).ExitCode);
        Assert.Equal(process, Value(await DescribeAsync(service), "Process"));
    }

    [Fact]
    public async Task A_subscription_has_all_that_happens_after_it_and_its_end_reaches_the_plug_in()
    {
        const string eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
        await using var service = await StartAsync("", resource: $"<Resource ResourceUri=\"{Notes}\"><Capability Type=\"Create\"/><Capability Type=\"Subscribe\"/></Resource>");
        var subscribed = await service.CurlAsync(Soap.Message(
            eventing + "/Subscribe", Notes, $"<e:Subscribe xmlns:e=\"{eventing}\"><e:Delivery Mode=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull\"/><e:Expires>PT60S</e:Expires></e:Subscribe>"));
        var context = Regex.Match(subscribed, "<n:EnumerationContext>([^<]+)<").Groups[1].Value;
        var identifier = Regex.Match(subscribed, "<e:Identifier>([^<]+)<").Groups[1].Value;

        // Before anybody has pulled.
        await AddAsync("one");
        await AddAsync("two");
        var pulled = "";
        while (!pulled.Contains("<n:Title>two</n:Title>", StringComparison.Ordinal))
        {
            var answer = await service.CurlAsync(Soap.Pull(Notes, context, "<n:MaxTime>PT30S</n:MaxTime><n:MaxElements>10</n:MaxElements>"));
            Assert.Contains("PullResponse", answer, StringComparison.Ordinal);
            pulled += answer;
        }

        Assert.Equal(["one", "two"], Regex.Matches(pulled, "<n:Title>([^<]+)<").Select(match => match.Groups[1].Value));
        Assert.DoesNotContain("unsubscribed", await DiaryAsync(service));
        var ended = await service.CurlAsync(Soap.Message(eventing + "/Unsubscribe", Notes, $"<e:Unsubscribe xmlns:e=\"{eventing}\"/>", $"<e:Identifier xmlns:e=\"{eventing}\">{identifier}</e:Identifier>"));
        Assert.Contains("UnsubscribeResponse", ended, StringComparison.Ordinal);
        await AdministeredService.UntilAsync(async () => (await DiaryAsync(service)).Contains("unsubscribed"));

        async Task AddAsync(string title) => Assert.Contains(
            $">{title}</w:Selector>",
            await service.CurlAsync(Soap.Message(Soap.Transfer + "/Create", Notes, $"<n1:Note xmlns:n1=\"{Notes}\"><n1:Text>new</n1:Text></n1:Note>", Soap.Selectors(("Title", title)))),
            StringComparison.Ordinal);
    }

    private static async Task<AdministeredService> StartAsync(string attributes, string quotas = "", string resource = $"<Resource ResourceUri=\"{Notes}\">{Registration.All}</Resource>")
    {
        var service = await AdministeredService.StartAsync();
        var diary = $"<InitializationParameters><Param Name=\"Diary\" Value=\"{Diary(service)}\"/></InitializationParameters>";
        service.Write("farwired.yaml", Registration.Yaml(Registration.Notebook(resource: resource, attributes: attributes, more: diary + quotas)));
        await service.RestartAsync();
        return service;
    }

    private static string Diary(AdministeredService service) => Path.Combine(service.State, "diary");

    private static async Task<string[]> DiaryAsync(AdministeredService service) => File.Exists(Diary(service)) ? await File.ReadAllLinesAsync(Diary(service)) : [];

    private static Task<string> DescribeAsync(AdministeredService service) => service.CurlAsync(Soap.Message(Notes + "/Describe", Notes, ""));

    private static string Value(string answer, string name) => Regex.Match(answer, $"<{name}>([^<]*)</{name}>").Groups[1].Value;
}
