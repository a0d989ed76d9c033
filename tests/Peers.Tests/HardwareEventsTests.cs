using System.Globalization;
using System.Xml.Linq;
using Farwire.Peers.Tests.Administration;
using Farwire.TestKit.Bmc;

namespace Farwire.Peers.Tests;

/// <summary>What happens on controllers as events: from OpenIPMI's simulator through the built service into the built collector.</summary>
public sealed class HardwareEventsTests
{
    private static readonly XNamespace Ns = "http://schemas.microsoft.com/win/2004/08/events/event";

    [Fact]
    [Trait("Feature", "IPM-11")]
    [Trait("Peer", "ipmi_sim")]
    public async Task New_records_of_the_log_land_in_HardwareEvents_each_once_also_over_a_cleared_log_and_a_clock_set_back()
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        await using var bmc = await SimulatedBmc.StartAsync();
        var password = await PasswordAsync();
        await using var running = new RunningService { Arguments = ["--bmc", $"node1=admin@127.0.0.1:{bmc.Port},{password}"] };
        await running.InitializeAsync();
        try
        {
            Run farwire = words => Commands.RunAsync(RunningService.Program("farwire"), [.. words, "--connect", running.ConnectionFile]);
            await CreateAsync(farwire, running.Http, running.User, running.Password);
            Assert.Empty(await FindAsync(farwire)); // what was in the log before is no event

            await bmc.CommandAsync("sensor_set_value 0x20 0 1 96 1");
            await UntilAsync(async () => (await FindAsync(farwire)).Exists(IsCritical));

            var e = (await FindAsync(farwire)).Find(IsCritical)!;
            var system = e.Element(Ns + "System")!;
            Assert.Equal(("HardwareEvents", "node1", "1", "2"), (system.Element(Ns + "Channel")?.Value, system.Element(Ns + "Computer")?.Value, system.Element(Ns + "EventID")?.Value, system.Element(Ns + "Level")?.Value));
            Assert.StartsWith("*CPU1 Temp(1.0.32)*", Data(e, "RecordData"), StringComparison.Ordinal);

            // The log is emptied and its clock set back: what comes then comes too, and nothing comes twice.
            await bmc.IpmitoolAsync("sel", "clear");
            await bmc.IpmitoolAsync("raw", "0x0a", "0x49", "0x00", "0xe1", "0x0b", "0x5e"); // Set SEL Time: the beginning of 2020
            await bmc.CommandAsync("sensor_set_value 0x20 0 1 45 1");
            await UntilAsync(async () => (await FindAsync(farwire)).Exists(one => Data(one, "RecordData").Contains("*false*", StringComparison.Ordinal)));
            var all = await FindAsync(farwire);
            Assert.Equal(all.Count, all.Select(one => Data(one, "RecordData") + one.Element(Ns + "System")!.Element(Ns + "TimeCreated")!.Attribute("SystemTime")!.Value).Distinct().Count());
            Assert.Single(all, IsCritical);
        }
        finally
        {
            File.Delete(password);
        }
    }

    [Fact]
    [Trait("Feature", "IPM-11")]
    [Trait("Peer", "ipmi_sim")]
    public async Task After_a_restart_it_goes_on_where_it_was_and_what_came_meanwhile_comes_too()
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        await using var bmc = await SimulatedBmc.StartAsync();
        var password = await PasswordAsync();
        await using var service = await AdministeredService.StartAsync(("bmc.yaml", $"Controllers:\n- Name: node1\n  Address: 127.0.0.1:{bmc.Port}\n  User: admin\n  PasswordFile: {password}\n"));
        await CreateAsync(service.FarwireAsync, await service.ListenAsync(), "ann", AdministeredService.Password);
        await bmc.CommandAsync("sensor_set_value 0x20 0 1 96 1");
        await UntilAsync(async () => (await FindAsync(service.FarwireAsync)).Exists(IsCritical));

        await service.RestartAsync(async () => await bmc.CommandAsync("sensor_set_value 0x20 0 1 45 1"));

        await UntilAsync(async () => (await FindAsync(service.FarwireAsync)).Exists(IsOver));
        await bmc.CommandAsync("sensor_set_value 0x20 0 1 96 1");
        await UntilAsync(async () => (await FindAsync(service.FarwireAsync)).Count(IsCritical) == 2);
        var all = await FindAsync(service.FarwireAsync);
        Assert.Single(all, IsOver);
        Assert.Equal(all.Count, all.Select(one => Data(one, "RecordData")).Distinct().Count());
        File.Delete(password);
    }

    private delegate Task<Outcome> Run(params string[] words);

    private static async Task<string> PasswordAsync()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, SimulatedBmc.AdministratorPassword + "\n");
        return file;
    }

    private static bool IsCritical(XElement e) => e.Value.Contains("CPU1 Temp: Temperature Assert: Upper Critical - going high", StringComparison.Ordinal);

    private static bool IsOver(XElement e) => e.Value.Contains("CPU1 Temp: Temperature Deassert: Upper Critical - going high", StringComparison.Ordinal);

    private static string Data(XElement e, string name) => e.Descendants(Ns + "Data").Single(d => d.Attribute("Name")?.Value == name).Value;

    private static Task UntilAsync(Func<Task<bool>> condition) => AdministeredService.UntilAsync(condition);

    // The subscription of the WinRM documentation, with who to be on this machine; it looks at the logs before it is active.
    private static async Task CreateAsync(Run farwire, string address, string user, string password)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"""
            <Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>WSManSelRg</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType>
            <Uri>http://schemas.microsoft.com/wbem/wsman/1/logrecord/sel</Uri>
            <ConfigurationMode>Custom</ConfigurationMode><Delivery Mode="Pull"><Batching><MaxItems>20</MaxItems><MaxLatencyTime>1000</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval="10000"/></PushSettings></Delivery>
            <Query><![CDATA[<QueryList><Query Path="HardwareEvents"><Select>*</Select></Query></QueryList>]]></Query>
            <TransportName>http</TransportName><TransportPort>{new Uri(address).Port.ToString(CultureInfo.InvariantCulture)}</TransportPort><ContentFormat>RenderedText</ContentFormat>
            <CredentialsType>Basic</CredentialsType><CommonUserName>{user}</CommonUserName><CommonPassword>{password}</CommonPassword>
            <LogFile>HardwareEvents</LogFile><EventSources><EventSource><Address>127.0.0.1</Address></EventSource></EventSources></Subscription>
            """);
        var created = await farwire("wecutil", "cs", file);
        File.Delete(file);
        Assert.True(created.ExitCode == 0, created.Errors);
        await UntilAsync(async () => (await farwire("wecutil", "gr", "WSManSelRg")).Output.Contains("RunTimeStatus: Active", StringComparison.Ordinal));
    }

    private static async Task<List<XElement>> FindAsync(Run farwire) =>
    [
        .. (await farwire("events", "export", "--subscription", "WSManSelRg", "--channel", "HardwareEvents", "-o", "xml")).Output
            .Split('\n').Where(line => line.StartsWith("<Event ", StringComparison.Ordinal)).Select(XElement.Parse),
    ];
}
