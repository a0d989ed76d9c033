namespace Farwire.Peers.Tests.Collecting;

/// <summary>wecutil qc with the units of the package and systemd's own systemctl, which enables them in a folder.</summary>
public sealed class CollectorQuickConfigTests
{
    [Fact]
    [Trait("Feature", "WCU-05")]
    public async Task Quick_config_starts_the_collector_a_while_after_the_system_and_switches_the_log_on()
    {
        Commands.Need("/usr/bin/systemctl");
        await using var both = await TwoProcesses.StartAsync();
        Assert.Equal(0, (await both.RunAsync("winrm", "set", "urn:farwire:collector/Log", "@{Enabled=\"false\"}")).ExitCode);
        await both.SubscribeAsync("s");
        using var sender = new EventSender(both.Shared, TwoProcesses.User, TwoProcesses.Password);
        var item = (await sender.SubscribeAsync("s"))!;
        Assert.Equal(503, (await sender.SendEventsAsync(item, 1, EventSender.Event(1, "while it is off"))).Status);
        await both.KillAsync("collector");

        // Units are enabled by systemd's own program in a folder; starting is the test's, for no systemd runs here.
        var root = Path.Combine(both.Config, "root");
        var (units, bin) = (Path.Combine(root, "etc", "systemd", "system"), Path.Combine(both.Config, "bin"));
        Directory.CreateDirectory(units);
        Directory.CreateDirectory(bin);
        foreach (var unit in Directory.GetFiles(Path.Combine(RunningService.Root, "packaging"), "farwired-collector.*"))
        {
            File.Copy(unit, Path.Combine(units, Path.GetFileName(unit)));
        }

        var systemctl = Path.Combine(bin, "systemctl");
        await File.WriteAllTextAsync(systemctl, $"""
            #!/bin/sh
            case "$1" in
              start) "{RunningService.Program("farwired")}" collector --alone --config-dir "{both.Config}" --state-dir "{both.State}" --socket "{both.Socket}" >/dev/null 2>&1 & echo $! > "{bin}/pid" ;;
              is-active) test -f "{bin}/pid" ;;
              *) exec /usr/bin/systemctl --root="{root}" "$@" ;;
            esac

            """);
        await Commands.RunAsync("chmod", ["+x", systemctl]);
        Task<Outcome> QuickConfigAsync(byte[]? input, params string[] words) =>
            Commands.RunAsync("env", [$"PATH={bin}:{Environment.GetEnvironmentVariable("PATH")}", $"FARWIRE_SOCKET={both.Socket}", RunningService.Program("farwire"), "wecutil", "qc", .. words], input);
        const string changes = "The collector starts with the system, two minutes after it (Delay-Start).\nThe collector is started.\nThe log ForwardedEvents is switched on.\n";
        try
        {
            Assert.Equal(new Outcome(0, changes + "Would you like to proceed (Y- yes or N- no)?Nothing was changed.\n", ""), await QuickConfigAsync("n\n"u8.ToArray()));
            Assert.Contains("disabled", (await Commands.RunAsync(systemctl, ["is-enabled", "farwired-collector.timer"])).Output, StringComparison.Ordinal);

            var done = await QuickConfigAsync("y\n"u8.ToArray());
            Assert.True(done.ExitCode == 0, done.Errors);
            Assert.EndsWith("Would you like to proceed (Y- yes or N- no)?The event collector was configured successfully.\n", done.Output, StringComparison.Ordinal);

            Assert.Contains("enabled", (await Commands.RunAsync(systemctl, ["is-enabled", "farwired-collector.timer"])).Output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(units, "timers.target.wants", "farwired-collector.timer")));
            Assert.Contains("OnBootSec=2min", await File.ReadAllTextAsync(Path.Combine(units, "farwired-collector.timer")), StringComparison.Ordinal);
            Assert.Contains("Enabled = true", (await both.RunAsync("winrm", "get", "urn:farwire:collector/Log")).Output, StringComparison.Ordinal);
            Assert.Equal(200, (await sender.SendEventsAsync(item, 1, EventSender.Event(1, "now"))).Status);
            Assert.Equal("The event collector is configured already.\n", (await QuickConfigAsync(null, "/q")).Output);
        }
        finally
        {
            if (File.Exists(Path.Combine(bin, "pid")))
            {
                await Commands.RunAsync("kill", ["-9", (await File.ReadAllTextAsync(Path.Combine(bin, "pid"))).Trim()]);
            }
        }
    }
}
