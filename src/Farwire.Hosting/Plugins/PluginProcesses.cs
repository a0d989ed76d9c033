using System.Collections.Concurrent;
using System.ComponentModel;
using Farwire.Plugins;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Protocol.Faults;
using Farwire.Service.Plugins;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Plugins;

/// <summary>Plug-ins in processes of their own: one for each plug-in and account, and one for each shell unless these share one.</summary>
/// <param name="program">The words that start such a process.</param>
/// <param name="starter">Starts it as its account.</param>
/// <param name="time">The clock of idle times.</param>
/// <param name="log">What is told of them.</param>
internal sealed class PluginProcesses(IReadOnlyList<string> program, IProgramStarter starter, TimeProvider time, ILogger log) : IPluginHost
{
    private const int MaxProcesses = 1000;
    private const int MaxRestarts = 5; // in a row, each sooner than a minute after the last

    private static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<PluginKey, Task<PluginProcess>> _running = new();
    private readonly ConcurrentDictionary<PluginKey, (int Count, long Last)> _crashes = new();
    private volatile bool _isOver;

    /// <summary>What the plug-ins are told when the service stops.</summary>
    public ShutdownReason StopReason { get; set; } = ShutdownReason.Service;

    /// <summary>Starts those that are to run from the beginning, without waiting for them.</summary>
    public void StartAutomatic(IEnumerable<PluginConfiguration> plugins)
    {
        foreach (var plugin in plugins.Where(plugin => plugin.AutoRestart))
        {
            _ = RestartAsync(new PluginKey(plugin, plugin.AccountFor(Environment.UserName), null), StartupReason.AutoRestartReboot);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IPlugin> StartAsync(PluginConfiguration plugin, string account, string? shellId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IPlugin>(new PluginProxy(this, new PluginKey(plugin, plugin.AccountFor(account), plugin.UseSharedProcess ? null : shellId)));

    /// <summary>The process of a key, started when it does not run, with a use of it begun.</summary>
    public async Task<PluginProcess> EnterAsync(PluginKey key, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_isOver)
            {
                throw FaultCatalog.OperationAborted.Fault("the service is stopping.");
            }

            var started = new TaskCompletionSource<PluginProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
            var running = _running.GetOrAdd(key, started.Task);
            if (running == started.Task)
            {
                await CompleteAsync(started, key, StartupReason.RequestReceived).ConfigureAwait(false);
            }

            var process = await running.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (process.TryEnter())
            {
                return process;
            }

            await process.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            _running.TryRemove(KeyValuePair.Create(key, running));
        }
    }

    /// <summary>Ends the process of one shell.</summary>
    public async Task EndAsync(PluginKey key)
    {
        if (_running.TryRemove(key, out var running) && running.IsCompletedSuccessfully)
        {
            await (await running.ConfigureAwait(false)).StopAsync(ShutdownReason.IdleTimeout).ConfigureAwait(false);
        }
    }

    /// <summary>Stops them all.</summary>
    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await Task.WhenAll(_running.Values.Select(StopAsync)).ConfigureAwait(false);

        async Task StopAsync(Task<PluginProcess> running)
        {
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (running.IsCompletedSuccessfully)
            {
                await (await running.ConfigureAwait(false)).StopAsync(StopReason).ConfigureAwait(false);
            }
        }
    }

    private async Task CompleteAsync(TaskCompletionSource<PluginProcess> started, PluginKey key, StartupReason reason)
    {
        try
        {
            var process = await LaunchAsync(key, reason).ConfigureAwait(false);
            started.SetResult(process);
            _ = WatchAsync(key, process, started.Task);
        }
        catch (Exception e)
        {
            _running.TryRemove(KeyValuePair.Create(key, started.Task));
            started.SetException(e);
        }
    }

    private async Task<PluginProcess> LaunchAsync(PluginKey key, StartupReason reason)
    {
        if (_running.Count > MaxProcesses)
        {
            throw FaultCatalog.QuotaLimit.Fault($"there are {MaxProcesses} processes of plug-ins; wait for some to end.");
        }

        var plugin = key.Plugin;
        var start = new ProgramStart(program[0], [.. program.Skip(1)]) { Environment = RuntimeVariables };
        PluginProcess process;
        try
        {
            process = new PluginProcess(await starter.StartAsync(start, key.Account).ConfigureAwait(false), time, log, plugin.Name);
        }
        catch (UnauthorizedAccessException e)
        {
            throw FaultCatalog.AccessDenied.Fault(e.Message);
        }
        catch (Win32Exception e)
        {
            throw FaultCatalog.PluginFailed.Fault($"its process cannot be started: {e.Message}.");
        }

        try
        {
            await process.CallAsync(
                PluginCall.Start,
                message =>
                {
                    message.Text(plugin.Filename);
                    message.Text(program[0]);
                    message.Byte((byte)reason);
                    message.Pairs([.. plugin.Parameters]);
                },
                CancellationToken.None).ConfigureAwait(false);
            Log.PluginStarted(log, plugin.Name, key.Account, process.Id, reason);
            return process;
        }
        catch (Exception e)
        {
            await process.KillAsync().ConfigureAwait(false);
            process.Dispose();
            throw e is PluginNotLoadedException ? FaultCatalog.PluginFailed.Fault(e.Message) : PluginFaults.Of(e, plugin, log);
        }
    }

    // 1. idle for its time: stopped; 2. ended unasked: started again when it is to be.
    private async Task WatchAsync(PluginKey key, PluginProcess process, Task<PluginProcess> entry)
    {
        var limit = key.Plugin.ProcessIdleTimeout;
        var idle = TimeSpan.Zero;
        while (limit > TimeSpan.Zero && !process.Ended.IsCompleted)
        {
            idle = process.CloseWhenIdle(limit);
            if (idle >= limit)
            {
                Log.PluginIdle(log, key.Plugin.Name, process.Id);
                _running.TryRemove(KeyValuePair.Create(key, entry));
                await process.StopAsync(ShutdownReason.IdleTimeout).ConfigureAwait(false);
                break;
            }

            await Task.WhenAny(process.Ended, Task.Delay(limit - idle, time)).ConfigureAwait(false);
        }

        await process.Ended.ConfigureAwait(false);
        _running.TryRemove(KeyValuePair.Create(key, entry));
        if (!process.IsStopping && !_isOver)
        {
            Log.PluginEnded(log, key.Plugin.Name, process.Id);
            if (key.Plugin.AutoRestart && key.ShellId is null)
            {
                await RestartAsync(key, StartupReason.AutoRestartCrash).ConfigureAwait(false);
            }
        }
    }

    private async Task RestartAsync(PluginKey key, StartupReason reason)
    {
        if (reason == StartupReason.AutoRestartCrash)
        {
            var crashes = _crashes.AddOrUpdate(key, _ => (1, time.GetTimestamp()), (_, one) => (time.GetElapsedTime(one.Last) < RestartWindow ? one.Count + 1 : 1, time.GetTimestamp()));
            if (crashes.Count > MaxRestarts)
            {
                Log.PluginGivenUp(log, key.Plugin.Name, crashes.Count);
                return; // the next request starts it
            }
        }

        var started = new TaskCompletionSource<PluginProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_isOver && _running.TryAdd(key, started.Task))
        {
            await CompleteAsync(started, key, reason).ConfigureAwait(false);
            if (started.Task.Exception is { } failed)
            {
                Log.PluginNotStarted(log, key.Plugin.Name, failed.InnerException?.Message ?? failed.Message);
            }
        }
    }

    // Where the runtime is that the service itself runs on.
    private static KeyValuePair<string, string>[] RuntimeVariables =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? [KeyValuePair.Create("DOTNET_ROOT", root)] : [];
}

/// <summary>What a process is for. Registrations are the same object as long as the service runs.</summary>
/// <param name="Plugin">The registration.</param>
/// <param name="Account">Whom it runs as.</param>
/// <param name="ShellId">The shell that it is for alone, or null.</param>
internal sealed record PluginKey(PluginConfiguration Plugin, string Account, string? ShellId)
{
    /// <inheritdoc/>
    public bool Equals(PluginKey? other) => other is not null && ReferenceEquals(Plugin, other.Plugin) && Account == other.Account && ShellId == other.ShellId;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Plugin.Name, Account, ShellId);
}
