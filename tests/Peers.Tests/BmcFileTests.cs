using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Farwire.Peers.Tests.Administration;
using Farwire.TestKit.Bmc;

namespace Farwire.Peers.Tests;

/// <summary>Controllers by name in bmc.yaml, with sealed passwords; and what the service tells this machine's own.</summary>
public sealed class BmcFileTests
{
    [Theory]
    [InlineData("running", false)]
    [InlineData("stopping", true)]
    [Trait("Feature", "IPM-12")]
    [Trait("Peer", "ipmi_sim, python-dbusmock")]
    public async Task The_machines_own_controller_is_told_of_a_start_once_and_of_a_shutdown(string state, bool isTold)
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        Assert.SkipUnless((await Commands.RunAsync("/usr/bin/python3", ["-c", "import dbusmock"])).ExitCode == 0, "python3-dbusmock is not installed");
        await using var bmc = await SimulatedBmc.StartAsync();
        using var mock = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "systemd_mock.py"), state]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var settings = new Dictionary<string, string> { ["DBUS_SYSTEM_BUS_ADDRESS"] = (await mock.StandardOutput.ReadLineAsync())! };
        try
        {
            await using (var service = await AdministeredService.StartWithAsync(settings))
            {
                service.Write("bmc.yaml", Yaml(bmc.Port, await SealAsync("own", SimulatedBmc.AdministratorPassword, Path.Combine(service.State, "key"))));
                await service.RestartAsync();
                await AdministeredService.UntilAsync(async () => Count(await bmc.IpmitoolAsync("sel", "list"), "OS Boot") == 1);
                await service.RestartAsync();
                var systems = JsonDocument.Parse(await service.AskAsync("get", "wmi/root/hardware/ComputerSystem?CreationClassName=ComputerSystem+Name=own", "-o", "json")).RootElement;
                Assert.Equal("OK", systems.GetProperty("Status").GetString());
            }

            var log = await bmc.IpmitoolAsync("sel", "list");
            Assert.Equal(1, Count(log, "OS Boot")); // a service that starts again is no start of the system
            Assert.Equal(isTold, log.Contains("OS graceful shutdown", StringComparison.OrdinalIgnoreCase) || log.Contains("OS Stop", StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            mock.StandardInput.Close();
            await mock.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Who_is_no_administrator_may_look_and_neither_switch_nor_clear_nor_send_raw_requests()
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        await using var bmc = await SimulatedBmc.StartAsync();
        var password = Path.GetTempFileName();
        await File.WriteAllTextAsync(password, SimulatedBmc.AdministratorPassword + "\n");
        await using var service = await AdministeredService.StartAsync(
            ("bmc.yaml", $"Controllers:\n- Name: node1\n  Address: 127.0.0.1:{bmc.Port}\n  User: admin\n  PasswordFile: {password}\n"),
            ("access.yaml", "Groups: { RemoteManagementUsers: { Accounts: [nobody] } }\n"));
        var address = await service.ListenAsync();
        string[][] refused =
        [
            ["invoke", "RequestResponse", "wmi/root/wmi/Microsoft_IPMI?InstanceName=node1", "@{NetworkFunction=\"6\";Command=\"1\"}"],
            ["invoke", "SetPowerState", "wmi/root/hardware/ComputerSystem?CreationClassName=ComputerSystem+Name=node1", "@{PowerState=\"6\"}"],
            ["invoke", "ClearLog", "wmi/root/hardware/RecordLog?InstanceID=IPMI:node1 SEL"],
            ["set", "wmi/root/hardware/NumericSensor?SystemCreationClassName=ComputerSystem+SystemName=node1+CreationClassName=NumericSensor+DeviceID=1.0.32", "@{UpperThresholdNonCritical=\"70\"}"],
            ["invoke", "RestoreDefaultThresholds", "wmi/root/hardware/NumericSensor?SystemCreationClassName=ComputerSystem+SystemName=node1+CreationClassName=NumericSensor+DeviceID=1.0.32"],
        ];
        var (log, sensor) = (await bmc.IpmitoolAsync("sel", "list"), await bmc.IpmitoolAsync("sensor", "get", "CPU1 Temp"));

        Assert.Contains("CPU1 Temp", (await AsAsync("bob", "enumerate", "wmi/root/hardware/NumericSensor")).Output, StringComparison.Ordinal);
        foreach (var words in refused)
        {
            var outcome = await AsAsync("bob", words);
            Assert.True(outcome.ExitCode == 1, words[1] + outcome.Output);
            Assert.Contains("node1: only administrators", outcome.Errors, StringComparison.Ordinal);
        }

        Assert.Contains("System Power         : on", await bmc.IpmitoolAsync("chassis", "status"), StringComparison.Ordinal);
        Assert.Equal((log, sensor), (await bmc.IpmitoolAsync("sel", "list"), await bmc.IpmitoolAsync("sensor", "get", "CPU1 Temp")));
        Assert.Equal(0, (await AsAsync("ann", refused[0])).ExitCode);
        File.Delete(password);

        Task<Outcome> AsAsync(string user, params string[] words) => Commands.RunAsync(
            "/usr/bin/env", ["FARWIRE_PASSWORD=" + AdministeredService.Password, RunningService.Program("farwire"), "winrm", .. words, "-r:" + address, "-a:basic", "-u:" + user, "-unencrypted", "--trusted-hosts", "*"]);
    }

    [Fact]
    public async Task A_sealed_password_holds_for_its_own_controller_alone_and_mistakes_are_named_with_their_line()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-bmcfile-").FullName;
        var seal = await SealAsync("node1", "secret", Path.Combine(folder, "key"));
        var wrongs = new Dictionary<string, string>
        {
            [$"Controllers:\n- Name: node2\n  Address: bmc2\n  Sealed: {seal}\n"] = "made for another name or with another key",
            ["Controllers:\n- Name: node1\n"] = "has no Address",
            [$"Controllers:\n- Name: node1\n  Address: bmc1\n  Sealed: {seal}\n  Suite: 0\n"] = "Suite is a number from 3 to 17",
            [$"Controllers:\n- Name: node1\n  Address: bmc1\n"] = "needs its password",
            [$"Controllers:\n- Name: node1\n  Address: bmc1\n  Sealed: {seal}\n- Name: node1\n  Address: bmc2\n  Sealed: {seal}\n"] = "two controllers are called 'node1'",
            ["Controlers: []\n"] = "Controlers",
        };
        foreach (var (yaml, problem) in wrongs)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "bmc.yaml"), yaml);
            var outcome = await Commands.RunAsync(RunningService.Program("farwired"), ["run", "--alone", "--config-dir", folder, "--state-dir", folder, "--socket", Path.Combine(folder, "local.sock")]);
            Assert.Equal(78, outcome.ExitCode);
            Assert.Contains(problem, outcome.Errors, StringComparison.Ordinal);
            Assert.Contains("bmc.yaml", outcome.Errors, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
        Assert.Equal(64, (await Commands.RunAsync(RunningService.Program("farwired"), ["bmc", "seal"])).ExitCode);
    }

    private static string Yaml(int port, string seal) => $"""
        Controllers:
        - Name: own
          Address: 127.0.0.1:{port}
          User: admin
          Suite: 3
          Own: true
          Sealed: {seal}
        """;

    private static int Count(string text, string part) => text.Split('\n').Count(line => line.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static async Task<string> SealAsync(string name, string password, string key)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwired"), ["bmc", "seal", name, "--key", key], Encoding.UTF8.GetBytes(password + "\n"));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.DoesNotContain(password, outcome.Output, StringComparison.Ordinal);
        return outcome.Output.Trim();
    }
}
