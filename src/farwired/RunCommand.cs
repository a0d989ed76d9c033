using System.Net;
using System.Runtime.InteropServices;
using Farwire.AspNetCore;
using Farwire.Hosting;
using Farwire.Hosting.Collecting;
using Farwire.Hosting.Configuration;
using Farwire.Hosting.Forwarding;
using Farwire.Hosting.Hardware;
using Farwire.Processes.Broker;
using Farwire.Service.Configuration;
using Microsoft.Extensions.Logging;

namespace Farwire.Daemon;

/// <summary><c>farwired run</c>: the service of this machine, as its configuration says.</summary>
internal static class RunCommand
{
    /// <summary>The word by which the process of a plug-in is started; it speaks to the service alone.</summary>
    public const string PluginWord = "plugin-process";

    public static Task<int> RunAsync(string[] words) => RoleProcess.RunAsync("run", words, ServeAsync);

    private static async Task<int> ServeAsync(RunOptions options, RoleProcess process)
    {
        using var telemetry = TelemetryExport.Begin();
        using var live = new LiveConfiguration(options.Files.Read(), options.Files);
        using var key = ServiceKey.Open(options);
        using var collector = options.WithCollector ? null : CollectorService.RoleAt(options.CollectorSocket);
        using var source = SourceService.RoleAt(options.SourceSocket);
        await using var service = await MachineService.StartAsync(process.OptionsOf(options, live, key) with
        {
            LocalSocket = LocalSocket.Prepare(options.Socket),
            Listeners = options.LoopbackPort is { } port ? [new Listener(new IPEndPoint(IPAddress.Loopback, port)) { IsLocalEndpoint = true }] : [],
            Hardware = BmcFile.Read(options.Files.BmcFile, key),
            Starter = process.Broker is null ? null : new BrokerStarter(process.Broker),
            Collector = options.WithCollector ? CollectorFile.Read(options.Files.CollectorFile, options.Files.CollectorFolder) : null,
            Roles = collector is null ? [source] : [collector, source],
            PluginProgram = [BrokerCommand.Program, .. BrokerCommand.Self, PluginWord],
        }).ConfigureAwait(false);
        LocalSocket.OpenToAll(options.Socket);
        using var watch = new ConfigurationWatch(options.Files, live, process.Logs.CreateLogger("Farwire.Configuration"));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = watch.ReadAsync();
        });
        await using var watchdog = ServiceWatchdog.Begin(options.Socket);
        return await process.UntilStoppedAsync(options.Socket).ConfigureAwait(false);
    }
}
