using System.ComponentModel;
using System.Runtime.InteropServices;
using Farwire.Hosting;
using Farwire.Hosting.Accounts;
using Farwire.Hosting.Broker;
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

/// <summary>The process of one role: its signals, its log, and the broker behind it when root started it.</summary>
internal sealed class RoleProcess : IDisposable
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _term;
    private readonly PosixSignalRegistration _interrupt;

    private RoleProcess(RunOptions options)
    {
        _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        Logs = LoggerFactory.Create(log => log
            .SetMinimumLevel(options.LogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddJsonConsole(json => json.UseUtcTimestamp = true)
            .AddConsole(console => (console.FormatterName, console.LogToStandardErrorThreshold) = (options.LogsJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Systemd, LogLevel.Trace)));
        Broker = options.IsBrokered ? new BrokerClient(new BrokerSocket(FrontProcess.SocketDescriptor)) : null;
    }

    public ILoggerFactory Logs { get; }

    /// <summary>Does what needs root; null without.</summary>
    public BrokerClient? Broker { get; }

    /// <summary>Runs a role until a signal ends it, and answers the exit code.</summary>
    /// <param name="verb">The word that names the role.</param>
    /// <param name="words">What follows it.</param>
    /// <param name="serveAsync">Serves until <see cref="UntilStoppedAsync"/> ends.</param>
    public static async Task<int> RunAsync(string verb, string[] words, Func<RunOptions, RoleProcess, Task<int>> serveAsync)
    {
        if (RunOptions.Parse(words, out var problem) is not { } options)
        {
            await Console.Error.WriteLineAsync($"farwired: {problem}. Try 'farwired {verb} --help'.").ConfigureAwait(false);
            return 64;
        }

        try
        {
            if (Environment.IsPrivilegedProcess && !options.IsAlone && !options.IsBrokered)
            {
                return await BehindAsync(options, verb, words).ConfigureAwait(false);
            }

            Directory.CreateDirectory(options.Files.StateFolder);
            Directory.CreateDirectory(Path.GetDirectoryName(options.Socket)!);
            using var process = new RoleProcess(options);
            return await serveAsync(options, process).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ConfigurationFileException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or Win32Exception or PlatformNotSupportedException)
        {
            await Console.Error.WriteLineAsync($"farwired: {e.Message}").ConfigureAwait(false);
            return 78;
        }
    }

    /// <summary>What all roles know of users, access and certificates.</summary>
    public MachineServiceOptions OptionsOf(RunOptions options, LiveConfiguration live, SecretKey key) => new()
    {
        Configuration = live,
        CertificateFolder = options.Files.CertificateFolder,
        AuthorityFolder = options.Files.AuthorityFolder,
        Access = AccessFile.Read(options.Files.AccessFile),
        Users = UserStore.Open(Path.Combine(options.Files.StateFolder, "users")),
        Key = key,
        Passwords = new SystemPasswords(Broker),
        MayBeAccount = Broker is null ? static account => account == Environment.UserName : null,
        Logs = Logs,
    };

    /// <summary>Says that the role is ready, and ends when it shall stop; answers the exit code.</summary>
    public async Task<int> UntilStoppedAsync(string socket)
    {
        await Console.Error.WriteLineAsync($"farwired: ready at {socket}.").ConfigureAwait(false);
        ServiceNotification.Send(ServiceNotification.Ready);
        using var memory = new RestingMemory();
        if (Broker is not null && await Task.WhenAny(_stop.Task, Broker.Gone).ConfigureAwait(false) == Broker.Gone)
        {
            await Console.Error.WriteLineAsync("farwired: the broker is gone; without it the service cannot go on.").ConfigureAwait(false);
            return 70;
        }

        await _stop.Task.ConfigureAwait(false);
        ServiceNotification.Send(ServiceNotification.Stopping);
        return 0;
    }

    public void Dispose()
    {
        Broker?.Dispose();
        Logs.Dispose();
        _interrupt.Dispose();
        _term.Dispose();
    }

    // Root makes the folders that the service writes to, gives them away, and stays behind as the broker.
    private static Task<int> BehindAsync(RunOptions options, string verb, string[] words)
    {
        if (AccountDirectory.Find(options.Account) is not { } account)
        {
            throw new ArgumentException($"There is no account '{options.Account}' for the service: make one with 'useradd --system {options.Account}', or name another with --account.");
        }

        foreach (var folder in new[] { options.Files.StateFolder, Path.GetDirectoryName(options.Socket)! }.Where(folder => !Directory.Exists(folder)))
        {
            Ownership.Give(Directory.CreateDirectory(folder).FullName, account);
        }

        // What the service manager gives to root alone, the service in front is handed.
        var key = ServiceKey.Credential is { } credential ? File.ReadAllBytes(credential) : null;
        string[] given = key is null ? [] : [ServiceKey.Given];
        return BrokeredService.RunAsync(
            options.Account, BrokerCommand.Program, [.. BrokerCommand.Self, verb, .. words, BrokerCommand.Brokered, .. given], BrokerPolicy.Default with { Accounts = [options.Account] }, Console.Error.WriteLine, key);
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.TrySetResult();
    }
}
