using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;
using Farwire.AspNetCore;
using Farwire.Hosting;
using Farwire.Hosting.Accounts;
using Farwire.Hosting.Broker;
using Farwire.Hosting.Collecting;
using Farwire.Hosting.Configuration;
using Farwire.Hosting.Memory;
using Farwire.Linux.Accounts;
using Farwire.Linux.Files;
using Farwire.Linux.Systemd;
using Farwire.Processes.Broker;
using Farwire.Security.Accounts;
using Farwire.Service.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Farwire.Daemon;

/// <summary><c>farwired run</c>: the service of this machine, as its configuration says.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(string[] words)
    {
        if (RunOptions.Parse(words, out var problem) is not { } options)
        {
            await Console.Error.WriteLineAsync($"farwired: {problem}. Try 'farwired run --help'.").ConfigureAwait(false);
            return 64;
        }

        try
        {
            return Environment.IsPrivilegedProcess && !options.IsAlone && !options.IsBrokered
                ? await BehindAsync(options, words).ConfigureAwait(false)
                : await ServeAsync(options).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ConfigurationFileException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or Win32Exception or PlatformNotSupportedException)
        {
            await Console.Error.WriteLineAsync($"farwired: {e.Message}").ConfigureAwait(false);
            return 78;
        }
    }

    // Root makes the folders that the service writes to, gives them away, and stays behind as the broker.
    private static Task<int> BehindAsync(RunOptions options, string[] words)
    {
        if (AccountDirectory.Find(options.Account) is not { } account)
        {
            throw new ArgumentException($"There is no account '{options.Account}' for the service: make one with 'useradd --system {options.Account}', or name another with --account.");
        }

        foreach (var folder in new[] { options.Files.StateFolder, Path.GetDirectoryName(options.Socket)! }.Where(folder => !Directory.Exists(folder)))
        {
            Ownership.Give(Directory.CreateDirectory(folder).FullName, account);
        }

        return BrokeredService.RunAsync(
            options.Account, BrokerCommand.Program, [.. BrokerCommand.Self, "run", .. words, BrokerCommand.Brokered], BrokerPolicy.Default with { Accounts = [options.Account] }, Console.Error.WriteLine);
    }

    private static async Task<int> ServeAsync(RunOptions options)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var logs = LoggerFactory.Create(log => log
            .SetMinimumLevel(options.LogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddJsonConsole(json => json.UseUtcTimestamp = true)
            .AddConsole(console => (console.FormatterName, console.LogToStandardErrorThreshold) = (options.LogsJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Systemd, LogLevel.Trace)));

        Directory.CreateDirectory(options.Files.StateFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(options.Socket)!);
        using var live = new LiveConfiguration(options.Files.Read(), options.Files);
        using var key = SecretKey.OpenOrCreate(Path.Combine(options.Files.StateFolder, "key"));
        using var broker = options.IsBrokered ? new BrokerClient(new BrokerSocket(FrontProcess.SocketDescriptor)) : null;
        await using var service = await MachineService.StartAsync(new MachineServiceOptions
        {
            Configuration = live,
            CertificateFolder = options.Files.CertificateFolder,
            AuthorityFolder = options.Files.AuthorityFolder,
            LocalSocket = LocalSocket.Prepare(options.Socket),
            Listeners = options.LoopbackPort is { } port ? [new Listener(new IPEndPoint(IPAddress.Loopback, port)) { IsLocalEndpoint = true }] : [],
            Access = AccessFile.Read(options.Files.AccessFile),
            Users = UserStore.Open(Path.Combine(options.Files.StateFolder, "users")),
            Key = key,
            Passwords = new SystemPasswords(broker),
            Starter = broker is null ? null : new BrokerStarter(broker),
            MayBeAccount = broker is null ? static account => account == Environment.UserName : null,
            Collector = CollectorFile.Read(options.Files.CollectorFile, options.Files.CollectorFolder),
            Logs = logs,
        }).ConfigureAwait(false);
        LocalSocket.OpenToAll(options.Socket);
        using var watch = new ConfigurationWatch(options.Files, live, logs.CreateLogger("Farwire.Configuration"));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = watch.ReadAsync();
        });
        await Console.Error.WriteLineAsync($"farwired: ready at {options.Socket}.").ConfigureAwait(false);
        ServiceNotification.Send(ServiceNotification.Ready);
        using var memory = new RestingMemory();
        await using var watchdog = ServiceWatchdog.Begin(options.Socket);
        if (broker is not null && await Task.WhenAny(stop.Task, broker.Gone).ConfigureAwait(false) == broker.Gone)
        {
            await Console.Error.WriteLineAsync("farwired: the broker is gone; without it the service cannot go on.").ConfigureAwait(false);
            return 70;
        }

        await stop.Task.ConfigureAwait(false);
        ServiceNotification.Send(ServiceNotification.Stopping);
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
