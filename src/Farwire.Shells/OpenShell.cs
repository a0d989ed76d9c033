using System.Collections.Concurrent;
using Farwire.Processes.Limits;
using Farwire.Processes.Tree;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.Shells.Commands;

namespace Farwire.Shells;

/// <summary>A shell that a client opened: its surroundings, its commands, and the clock that ends it when nobody asks any more.</summary>
internal sealed class OpenShell : IDisposable
{
    private const long Megabyte = 1024 * 1024;

    private readonly CreateShell _request;
    private readonly ShellOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly ConcurrentDictionary<string, ShellCommand> _commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private readonly long _started;
    private readonly string _clientAddress;
    private readonly CommandLauncher _launcher;
    private readonly Action _commandStarted;
    private CancellationTokenSource _connection = new();
    private string? _sessionId;
    private BufferMode _mode;
    private long _lastUse;
    private int _uses;
    private bool _ended;

    public OpenShell(string id, OperationContext context, CreateShell request, ShellHost host, Action<OpenShell> expire)
    {
        var owner = context.Caller;
        Id = id;
        Owner = owner.Name;
        ResourceUri = context.ResourceUri;
        (_options, _time, var starter, _commandStarted) = host;
        IsCompressed = context.Headers.CompressionType is not null;
        IdleTimeOut = IdleTime(request.IdleTimeOut, _options);
        _sessionId = context.Headers.SessionId;
        _clientAddress = owner.Address;
        _launcher = new CommandLauncher(
            request,
            context.Options,
            _options.CustomShell(ResourceUri),
            owner.Account,
            new ProgramGroup(Guid.Parse(id).ToString("N"), _options.MaxProcessesPerShell, _options.MaxMemoryPerShellBytes),
            starter);
        _request = request;
        _started = _lastUse = _time.GetTimestamp();
        _timer = _time.CreateTimer(_ => OnTimer(expire), null, Shorter(IdleTimeOut, request.Lifetime), Timeout.InfiniteTimeSpan);
    }

    public string Id { get; }

    public string Owner { get; }

    public string ResourceUri { get; }

    /// <summary>Streams go compressed in both directions.</summary>
    public bool IsCompressed { get; }

    public TimeSpan IdleTimeOut { get; private set; }

    public IReadOnlyList<string> InputStreams => _request.InputStreams;

    public IReadOnlyList<string> OutputStreams => _request.OutputStreams;

    /// <summary>The client has left it.</summary>
    public bool IsDisconnected => _connection.IsCancellationRequested;

    /// <summary>Ends when the client leaves: nobody waits for output any more.</summary>
    public CancellationToken Disconnected => _connection.Token;

    /// <summary>The client has left, or was not heard of for so long that it is taken for gone.</summary>
    private bool IsLeft => IsDisconnected || (Volatile.Read(ref _uses) == 0 && _time.GetElapsedTime(Interlocked.Read(ref _lastUse)) > _options.AutomaticDisconnect);

    /// <summary>Its commands may not take all that they want.</summary>
    public bool HasLimits => _options is { MaxProcessesPerShell: > 0 } or { MaxMemoryPerShellBytes: > 0 };

    public ShellCommand[] Commands => [.. _commands.Values];

    /// <summary>The shell as it was made, and as Create tells it.</summary>
    public ShellInstance Describe() => new(Id, ResourceUri)
    {
        Name = _request.Name,
        Owner = Owner,
        ClientIP = _clientAddress,
        Environment = _request.Environment,
        WorkingDirectory = _request.WorkingDirectory,
        IdleTimeOut = IdleTimeOut,
        InputStreams = _request.InputStreams,
        OutputStreams = _request.OutputStreams,
        ShellRunTime = _time.GetElapsedTime(_started),
        ShellInactivity = _time.GetElapsedTime(Interlocked.Read(ref _lastUse)),
    };

    /// <summary>The shell with all that changes, and with what its commands take.</summary>
    public ShellInstance DescribeNow()
    {
        var usage = Usage();
        return Describe() with
        {
            Lifetime = _request.Lifetime,
            MaxIdleTimeOut = _options.MaxIdleTimeout,
            CompressionMode = IsCompressed ? "XpressCompression" : "NoCompression",
            BufferMode = _mode.ToString(),
            State = IsLeft ? "Disconnected" : "Connected",
            MemoryUsed = $"{usage.MemoryBytes / Megabyte}MB",
            ChildProcesses = usage.Processes,
        };
    }

    /// <summary>Leaves the shell: it runs on, and only its idle time counts.</summary>
    public void Disconnect(Disconnect request)
    {
        lock (_lock)
        {
            if (request.IdleTimeOut is not null)
            {
                IdleTimeOut = IdleTime(request.IdleTimeOut, _options);
            }

            SetMode(request.BufferMode ?? _mode);
            Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());
            _timer.Change(IdleTimeOut, Timeout.InfiniteTimeSpan);
        }

        _connection.Cancel();
    }

    /// <summary>Returns to the shell in the session that left it; in a shell nobody left that changes nothing.</summary>
    public void Reconnect(string? sessionId)
    {
        lock (_lock)
        {
            if (_sessionId is not null && sessionId is not null && !_sessionId.Equals(sessionId, StringComparison.OrdinalIgnoreCase))
            {
                throw FaultCatalog.ShellSessionMismatch.Fault();
            }

            Join();
        }
    }

    /// <summary>Takes the shell over from the session that left it.</summary>
    public void Connect(string? sessionId)
    {
        lock (_lock)
        {
            if (!IsLeft && !string.Equals(_sessionId, sessionId, StringComparison.OrdinalIgnoreCase))
            {
                throw FaultCatalog.ShellConnectedElsewhere.Fault("it can be taken over once its client has left it, or was silent for some minutes.");
            }

            // A client that left properly has all that was sent to it; of one that was lost nobody knows.
            foreach (var command in IsDisconnected ? [] : Commands)
            {
                command.Restore();
            }

            // Who still waits in the old session waits no longer.
            _connection.Cancel();
            _sessionId = sessionId;
            Join();
        }
    }

    /// <summary>Marks the shell as in use until <see cref="EndUse"/>: a request under way is no idleness.</summary>
    public void BeginUse()
    {
        if (IsDisconnected)
        {
            throw FaultCatalog.ShellDisconnected.Fault();
        }

        Interlocked.Increment(ref _uses);
    }

    public void EndUse()
    {
        Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());
        Interlocked.Decrement(ref _uses);
    }

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

    /// <summary>Ends all commands; no new one starts.</summary>
    public Task EndAsync()
    {
        lock (_lock)
        {
            _ended = true;
        }

        Dispose();
        return Task.WhenAll(_commands.Values.ToArray().Select(EndAsync));
    }

    public void Dispose() => _timer.Dispose();

    public static string NewId() => Guid.NewGuid().ToString("D").ToUpperInvariant();

    private void Join()
    {
        SetMode(BufferMode.Block);
        Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());
        if (_connection.IsCancellationRequested)
        {
            _connection = new CancellationTokenSource();
        }
    }

    private void SetMode(BufferMode mode)
    {
        _mode = mode;
        foreach (var command in _commands.Values)
        {
            command.Mode = mode;
        }
    }

    private static TimeSpan IdleTime(TimeSpan? asked, ShellOptions options)
    {
        var wanted = asked ?? options.IdleTimeout;
        if (wanted < options.MinIdleTimeout)
        {
            throw FaultCatalog.IdleTimeOutOutOfBounds.Fault($"the shortest idle time is {options.MinIdleTimeout.TotalSeconds} seconds.");
        }

        return wanted < options.MaxIdleTimeout ? wanted : options.MaxIdleTimeout;
    }

    private static TimeSpan Shorter(TimeSpan idle, TimeSpan? life) => life < idle ? life.Value : idle;

    private ProcessUsage Usage() => ProcessSurvey.Take(Array.ConvertAll(Commands, command => command.Process)).Aggregate(default(ProcessUsage), (sum, one) => sum + one);

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

    private void OnTimer(Action<OpenShell> expire)
    {
        var left = Volatile.Read(ref _uses) > 0 ? IdleTimeOut : IdleTimeOut - _time.GetElapsedTime(Interlocked.Read(ref _lastUse));
        left = Shorter(left, _request.Lifetime - _time.GetElapsedTime(_started));
        if (left <= TimeSpan.Zero)
        {
            expire(this);
        }
        else
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
