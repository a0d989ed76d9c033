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
        var password = Path.GetTempFileName();
        await File.WriteAllTextAsync(password, SimulatedBmc.AdministratorPassword + "\n");
        await using var running = new RunningService { Arguments = ["--bmc", $"node1=admin@127.0.0.1:{bmc.Port},{password}"] };
        await running.InitializeAsync();
        try
        {
            await CreateAsync(running);
            await UntilAsync(async () => (await WecUtilAsync(running, "gr", "WSManSelRg")).Output.Contains("RunTimeStatus: Active", StringComparison.Ordinal));
            Assert.Empty(await FindAsync(running)); // what was in the log before is no event

            await bmc.CommandAsync("sensor_set_value 0x20 0 1 96 1");
            await UntilAsync(async () => (await FindAsync(running)).Exists(IsCritical));

            var e = (await FindAsync(running)).Find(IsCritical)!;
            var system = e.Element(Ns + "System")!;
            Assert.Equal(("HardwareEvents", "node1", "1", "2"), (system.Element(Ns + "Channel")?.Value, system.Element(Ns + "Computer")?.Value, system.Element(Ns + "EventID")?.Value, system.Element(Ns + "Level")?.Value));
            Assert.StartsWith("*CPU1 Temp(1.0.32)*", Data(e, "RecordData"), StringComparison.Ordinal);

            // The log is emptied and its clock set back: what comes then comes too, and nothing comes twice.
            await bmc.IpmitoolAsync("sel", "clear");
            await bmc.IpmitoolAsync("raw", "0x0a", "0x49", "0x00", "0xe1", "0x0b", "0x5e"); // Set SEL Time: the beginning of 2020
            await bmc.CommandAsync("sensor_set_value 0x20 0 1 45 1");
            await UntilAsync(async () => (await FindAsync(running)).Exists(one => Data(one, "RecordData").Contains("*false*", StringComparison.Ordinal)));
            var all = await FindAsync(running);
            Assert.Equal(all.Count, all.Select(one => Data(one, "RecordData") + one.Element(Ns + "System")!.Element(Ns + "TimeCreated")!.Attribute("SystemTime")!.Value).Distinct().Count());
            Assert.Single(all, IsCritical);
        }
        finally
        {
            File.Delete(password);
        }
    }

    private static bool IsCritical(XElement e) => e.Value.Contains("CPU1 Temp: Temperature Assert: Upper Critical - going high", StringComparison.Ordinal);

    private static string Data(XElement e, string name) => e.Descendants(Ns + "Data").Single(d => d.Attribute("Name")?.Value == name).Value;

    private static Task UntilAsync(Func<Task<bool>> condition) => AdministeredService.UntilAsync(condition);

    // The subscription of the WinRM documentation, with who to be on this machine.
    private static async Task CreateAsync(RunningService running)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"""
            <Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>WSManSelRg</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType>
            <Uri>http://schemas.microsoft.com/wbem/wsman/1/logrecord/sel</Uri>
            <ConfigurationMode>Custom</ConfigurationMode><Delivery Mode="Pull"><Batching><MaxItems>20</MaxItems><MaxLatencyTime>1000</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval="10000"/></PushSettings></Delivery>
            <Query><![CDATA[<QueryList><Query Path="HardwareEvents"><Select>*</Select></Query></QueryList>]]></Query>
            <TransportName>http</TransportName><TransportPort>{new Uri(running.Http).Port.ToString(CultureInfo.InvariantCulture)}</TransportPort><ContentFormat>RenderedText</ContentFormat>
            <CredentialsType>Basic</CredentialsType><CommonUserName>{running.User}</CommonUserName><CommonPassword>{running.Password}</CommonPassword>
            <LogFile>HardwareEvents</LogFile><EventSources><EventSource><Address>127.0.0.1</Address></EventSource></EventSources></Subscription>
            """);
        var created = await WecUtilAsync(running, "cs", file);
        File.Delete(file);
        Assert.True(created.ExitCode == 0, created.Errors);
    }

    private static async Task<List<XElement>> FindAsync(RunningService running) =>
    [
        .. (await Commands.RunAsync(RunningService.Program("farwire"), ["events", "export", "--subscription", "WSManSelRg", "--channel", "HardwareEvents", "-o", "xml", "--connect", running.ConnectionFile])).Output
            .Split('\n').Where(line => line.StartsWith("<Event ", StringComparison.Ordinal)).Select(XElement.Parse),
    ];

    private static Task<Outcome> WecUtilAsync(RunningService running, params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["wecutil", .. words, "--connect", running.ConnectionFile]);
}
