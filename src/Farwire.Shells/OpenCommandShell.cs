using System.Collections.Concurrent;
using Farwire.Processes.Limits;
using Farwire.Processes.Tree;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.Shells.Commands;

namespace Farwire.Shells;

/// <summary>An open command shell: its surroundings, and its commands.</summary>
internal sealed class OpenCommandShell : OpenShell
{
    private readonly CreateShell _request;
    private readonly ShellOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, ShellCommand> _commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private readonly CommandLauncher _launcher;
    private readonly Action _commandStarted;
    private bool _ended;

    public OpenCommandShell(string id, OperationContext context, CreateShell request, ShellHost host, TicketCache? tickets, Action<OpenShell> expire)
        : base(id, context, request, host, tickets, expire)
    {
        _request = request;
        (_options, _time, var starter, _commandStarted) = host;
        _launcher = new CommandLauncher(
            request,
            context.Options,
            _options.CustomShell(context.ResourceUri),
            context.Caller.Account,
            new ProgramGroup(Guid.Parse(id).ToString("N"), _options.MaxProcessesPerShell, _options.MaxMemoryPerShellBytes),
            tickets is null ? [] : [tickets.Variable],
            starter);
    }

    /// <summary>Its commands may not take all that they want.</summary>
    public bool HasLimits => _options is { MaxProcessesPerShell: > 0 } or { MaxMemoryPerShellBytes: > 0 };

    public ShellCommand[] Commands => [.. _commands.Values];

    public async ValueTask<ShellCommand> StartAsync(CommandLine line, OptionSet options)
    {
        var id = line.CommandId ?? NewId();
        lock (_lock)
        {
            CheckStart(id);
            MakeRoom();
        }

        CheckProcesses();

        var command = new ShellCommand(id, CommandText.Join(line), await _launcher.StartAsync(line, options).ConfigureAwait(false), _request.OutputStreams, _options, _time);
        try
        {
            lock (_lock)
            {
                CheckStart(id);
                _commands[id] = command;
            }
        }
        catch
        {
            await command.EndAsync().ConfigureAwait(false);
            throw;
        }

        if (!_request.InputStreams.Has(StreamNames.Input))
        {
            // Nobody can ever write to it.
            command.CloseInput();
        }

        if (HasLimits)
        {
            _commandStarted();
        }

        return command;
    }

    /// <summary>Ends the largest command when together they take more than they may.</summary>
    /// <param name="taken">What each of them takes.</param>
    public void Enforce(IReadOnlyList<(ShellCommand Command, ProcessUsage Usage)> taken)
    {
        var all = taken.Aggregate(default(ProcessUsage), (sum, one) => sum + one.Usage);
        if (_options.MaxProcessesPerShell > 0 && all.Processes > _options.MaxProcessesPerShell)
        {
            _ = taken.MaxBy(one => one.Usage.Processes).Command.EndAsync(
                $"the shell had {all.Processes} processes and may have {_options.MaxProcessesPerShell} (MaxProcessesPerShell); the command with most of them was ended.");
        }
        else if (_options.MaxMemoryPerShellBytes > 0 && all.MemoryBytes > _options.MaxMemoryPerShellBytes)
        {
            _ = taken.MaxBy(one => one.Usage.MemoryBytes).Command.EndAsync(
                $"the shell had {all.MemoryBytes / Megabyte} MB of memory and may have {_options.MaxMemoryPerShellBytes / Megabyte} (MaxMemoryPerShellMB); the command with most of it was ended.");
        }
    }

    public ShellCommand? Find(string commandId) => _commands.GetValueOrDefault(commandId);

    /// <summary>Ends a command and forgets it.</summary>
    public Task EndAsync(ShellCommand command)
    {
        _commands.TryRemove(command.Id, out _);
        return command.EndAsync();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CommandInstance> DescribeCommands() => Array.ConvertAll(Commands, command => command.Describe());

    /// <inheritdoc/>
    protected override Task EndProgramsAsync()
    {
        lock (_lock)
        {
            _ended = true;
        }

        Dispose();
        return Task.WhenAll(_commands.Values.ToArray().Select(EndAsync));
    }

    /// <inheritdoc/>
    protected override ProcessUsage Usage() => ProcessSurvey.Take(Array.ConvertAll(Commands, command => command.Process)).Aggregate(default(ProcessUsage), (sum, one) => sum + one);

    /// <inheritdoc/>
    protected override void OnMode(BufferMode mode) => Array.ForEach(Commands, command => command.Mode = mode);

    /// <inheritdoc/>
    protected override void Restore() => Array.ForEach(Commands, command => command.Restore());

    private void CheckProcesses()
    {
        if (_options.MaxProcessesPerShell > 0 && !_commands.IsEmpty && Usage().Processes is var running && running >= _options.MaxProcessesPerShell)
        {
            throw FaultCatalog.CommandsQuotaPerShell.Fault($"the shell has {running} processes and may have {_options.MaxProcessesPerShell} (MaxProcessesPerShell); end some first.");
        }
    }

    private void CheckStart(string commandId)
    {
        if (_ended)
        {
            throw FaultCatalog.OperationAborted.Fault("the shell is closed.");
        }

        if (_commands.ContainsKey(commandId))
        {
            throw FaultCatalog.CommandIdInUse.Fault($"the shell has a command '{commandId}' already.");
        }
    }

    // Clients that never say that they have all output would fill the table with commands that ended long ago.
    private void MakeRoom()
    {
        if (_options.MaxCommandsPerShell == 0 || _commands.Count < _options.MaxCommandsPerShell)
        {
            return;
        }

        var done = _commands.Values.FirstOrDefault(command => command.IsFetched)
            ?? throw FaultCatalog.CommandsQuotaPerShell.Fault($"a shell has at most {_options.MaxCommandsPerShell} commands; end some first.");
        _ = EndAsync(done);
    }
}
