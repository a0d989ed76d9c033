using System.Collections.Concurrent;
using Farwire.Plugins;
using Farwire.Processes.Tree;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.Service.Plugins;

namespace Farwire.Shells.Plugins;

/// <summary>An open shell of a plug-in, with its commands and its limits.</summary>
internal sealed class OpenPluginShell : OpenShell
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, PluginShellCommand> _commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly ActivePlugin _plugin;
    private readonly IDisposable _place;
    private readonly int _limitBytes;
    private readonly TimeProvider _time;
    private BufferMode _mode;
    private IPluginShell? _shell;
    private ITimer? _watch;
    private string? _overLimit;
    private volatile WSManFaultException? _lost;
    private volatile bool _isEnding;

    public OpenPluginShell(string id, OperationContext context, CreateShell request, ShellHost host, ActivePlugin plugin, IDisposable place, Action<OpenShell> expire)
        : base(id, context, request, host, null, expire, ModeOf(plugin))
    {
        (_plugin, _place, _time, _limitBytes, _mode) = (plugin, place, host.Time, host.Options.MaxPendingOutputBytes, ModeOf(plugin));
    }

    private bool HasLimits => _plugin.Registration.Quotas is not { MaxMemoryPerShellMB: int.MaxValue, MaxProcessesPerShell: int.MaxValue };

    /// <summary>The plug-in's side of it is open.</summary>
    public void Opened(IPluginShell shell)
    {
        _shell = shell;
        if (shell is not IShellProcess process)
        {
            return;
        }

        _ = process.Ended.ContinueWith(_ => Lose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (HasLimits)
        {
            _watch = _time.CreateTimer(_ => Watch(process), null, Period, Period);
        }
    }

    /// <summary>Runs a command.</summary>
    public string Start(CommandLine request, IReadOnlyList<PluginOption> options)
    {
        var quotas = _plugin.Registration.Quotas;
        if (_lost is { } lost)
        {
            throw lost;
        }

        if (_commands.Values.Count(command => command.Output.End is null) >= quotas.MaxConcurrentCommandsPerShell)
        {
            throw FaultCatalog.CommandsQuotaPerShell.Fault($"at most {quotas.MaxConcurrentCommandsPerShell} at once (MaxConcurrentCommandsPerShell); end some first.");
        }

        if (quotas.MaxProcessesPerShell != int.MaxValue && Usage().Processes >= quotas.MaxProcessesPerShell)
        {
            throw FaultCatalog.CommandsQuotaPerShell.Fault($"the shell has its {quotas.MaxProcessesPerShell} processes (MaxProcessesPerShell); end some first.");
        }

        var command = new PluginShellCommand(_limitBytes, _mode, lost => Log.OutputDropped(_plugin.Log, _plugin.Registration.Name, Id, lost))
        {
            CommandId = request.CommandId ?? NewId(),
            CommandLine = request.Command,
            Arguments = request.Arguments,
            Options = options,
        };
        if (!_commands.TryAdd(command.CommandId, command))
        {
            throw FaultCatalog.CommandIdInUse.Fault($"the shell has a command '{command.CommandId}' already.");
        }

        _ = RunAsync(command);
        return command.CommandId;
    }

    /// <summary>The command of an id.</summary>
    public PluginShellCommand Find(string? commandId) => commandId is { Length: > 0 } && _commands.TryGetValue(commandId, out var command)
        ? command
        : throw FaultCatalog.UnexpectedSelectors.Fault($"the shell has no command '{commandId}'.");

    /// <summary>Ends a command and forgets it.</summary>
    public void End(PluginShellCommand command)
    {
        _commands.TryRemove(command.CommandId, out _);
        command.Output.Complete(new PluginCommandEnd(0, FaultCatalog.OperationAborted.Fault()));
        command.Stop.Cancel();
    }

    /// <summary>Its plug-in answers another session that takes it over.</summary>
    public ValueTask<string?> ConnectAsync(string? connectXml, CancellationToken cancellationToken) =>
        _shell?.ConnectAsync(connectXml, cancellationToken) ?? ValueTask.FromResult<string?>(null);

    /// <inheritdoc/>
    public override ShellInstance Describe() => base.Describe() with { ProcessId = (_shell as IShellProcess)?.Process.Id };

    /// <inheritdoc/>
    public override IReadOnlyList<CommandInstance> DescribeCommands() =>
        [.. _commands.Values.Select(command => new CommandInstance(command.CommandId, command.CommandLine, command.Output.End is null ? "Running" : "Done"))];

    /// <inheritdoc/>
    protected override async Task EndProgramsAsync()
    {
        _isEnding = true;
        Dispose();
        if (_watch is not null)
        {
            await _watch.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var command in _commands.Values)
        {
            End(command);
        }

        try
        {
            if (_shell is not null)
            {
                await _shell.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not WSManFaultException)
        {
            PluginFaults.Of(e, _plugin.Registration, _plugin.Log); // written down; the shell is closed all the same
        }
        finally
        {
            _place.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override ProcessUsage Usage() => (_shell as IShellProcess)?.Process.Usage() ?? default;

    /// <inheritdoc/>
    protected override void OnMode(BufferMode mode)
    {
        _mode = mode;
        foreach (var command in _commands.Values)
        {
            command.Output.Mode = mode;
        }
    }

    /// <inheritdoc/>
    protected override void Restore()
    {
        foreach (var command in _commands.Values)
        {
            command.Output.Restore();
        }
    }

    // None says nothing: like Block, until a client that leaves chooses otherwise.
    private static BufferMode ModeOf(ActivePlugin plugin) => plugin.Registration.OutputBuffering == OutputBuffering.Drop ? BufferMode.Drop : BufferMode.Block;

    private async Task RunAsync(PluginShellCommand command)
    {
        await Task.Yield();
        try
        {
            var code = await _shell!.RunAsync(command, command.Stop.Token).ConfigureAwait(false);
            command.Output.Complete(new PluginCommandEnd(code));
        }
        catch (WSManFaultException e)
        {
            command.Output.Complete(new PluginCommandEnd(0, e));
        }
        catch (OperationCanceledException)
        {
            command.Output.Complete(new PluginCommandEnd(0, FaultCatalog.OperationAborted.Fault()));
        }
        catch (Exception e)
        {
            command.Output.Complete(new PluginCommandEnd(0, Why(e)));
        }
    }

    // Its process is gone: its client learns why at the next request, and it takes nobody's place any more.
    private void Lose()
    {
        if (_isEnding)
        {
            return;
        }

        _lost = Why(new IOException("The process of the shell has ended."));
        foreach (var command in _commands.Values)
        {
            command.Output.Complete(new PluginCommandEnd(0, _lost));
        }

        _place.Dispose();
    }

    private WSManFaultException Why(Exception e) => _overLimit is { } why ? FaultCatalog.QuotaLimit.Fault(why) : PluginFaults.Of(e, _plugin.Registration, _plugin.Log);

    // By counting, not by the kernel: pids of a control group are threads too, and who is ended by its memory limit cannot say why.
    private void Watch(IShellProcess process)
    {
        var usage = process.Process.Usage();
        var quotas = _plugin.Registration.Quotas;
        if (usage.MemoryBytes / Megabyte > quotas.MaxMemoryPerShellMB)
        {
            _overLimit = $"the shell took more than its {quotas.MaxMemoryPerShellMB} MB (MaxMemoryPerShellMB) and was ended.";
        }
        else if (usage.Processes > quotas.MaxProcessesPerShell)
        {
            _overLimit = $"the shell had more than its {quotas.MaxProcessesPerShell} processes (MaxProcessesPerShell) and was ended.";
        }
        else
        {
            return;
        }

        _watch?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = process.EndAsync();
    }
}
