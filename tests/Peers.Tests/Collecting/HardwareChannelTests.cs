using System.Xml.Linq;
using Farwire.Peers.Tests.Administration;
using Farwire.TestKit.Bmc;
using Farwire.TestKit.Journal;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>The log of a management controller, OpenIPMI's simulator, as a channel of the machine that looks after it.</summary>
public sealed class HardwareChannelTests
{
    [Fact]
    public async Task Records_of_a_controller_are_events_of_HardwareEvents_each_once_over_a_restart()
    {
        Assert.SkipUnless(JournalDaemon.IsAvailable, JournalDaemon.Needed);
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        await using var bmc = await SimulatedBmc.StartAsync();
        await using var journal = await JournalDaemon.StartAsync();
        await using var service = await TwoProcesses.StartAsync();
        var password = Path.Combine(service.Config, "bmc.password");
        await File.WriteAllTextAsync(password, SimulatedBmc.AdministratorPassword + "\n");
        await Commands.RunAsync("chmod", ["600", password]);
        await File.WriteAllTextAsync(Path.Combine(service.Config, "bmc.yaml"), $"Controllers:\n- Name: node1\n  Address: 127.0.0.1:{bmc.Port}\n  User: admin\n  PasswordFile: {password}\n");
        await File.WriteAllTextAsync(Path.Combine(service.Config, "source.yaml"), $"Journal: {{ Directory: \"{journal.Directory}\", Socket: \"{journal.Socket}\" }}\n");
        await service.StartAsync("source");

        await bmc.CommandAsync("sensor_set_value 0x20 0 1 96 1");
        await AdministeredService.UntilAsync(async () => (await EventsAsync(service)).Exists(IsCritical));
        await service.StopAsync("source");
        await bmc.CommandAsync("sensor_set_value 0x20 0 1 45 1");
        await service.StartAsync("source");
        await AdministeredService.UntilAsync(async () => (await EventsAsync(service)).Exists(one => one.Contains("CPU1 Temp: Temperature Deassert: Upper Critical", StringComparison.Ordinal)));

        var all = await EventsAsync(service);
        Assert.Single(all, IsCritical);
        Assert.All(all, one => Assert.Contains("<Computer>node1</Computer>", one, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, all.Count).Select(number => $"{number}"), all.Select(one => XElement.Parse(one).Descendants().Single(e => e.Name.LocalName == "EventRecordID").Value));
    }

    private static bool IsCritical(string xml) => xml.Contains("CPU1 Temp: Temperature Assert: Upper Critical - going high", StringComparison.Ordinal);

    private static async Task<List<string>> EventsAsync(TwoProcesses service) =>
        [.. (await service.RunAsync("events", "query", "HardwareEvents", "--oldest", "--limit", "1000", "-o", "xml", "--rendered")).Output.Split('\n').Where(line => line.StartsWith("<Event ", StringComparison.Ordinal))];
}
