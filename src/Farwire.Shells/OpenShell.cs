using System.Collections.Concurrent;
using System.ComponentModel;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.Shells.Commands;

namespace Farwire.Shells;

/// <summary>A shell that a client opened: its surroundings, its commands, and the clock that ends it when nobody asks any more.</summary>
internal sealed class OpenShell : IDisposable
{
    private readonly CreateShell _request;
    private readonly ShellOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly ConcurrentDictionary<string, ShellCommand> _commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private readonly long _started;
    private readonly string _clientAddress;
    private readonly string _account;
    private readonly IProgramStarter _starter;
    private long _lastUse;
    private int _uses;
    private bool _ended;

    public OpenShell(string id, Caller owner, string resourceUri, CreateShell request, ShellHost host, Action<OpenShell> expire)
    {
        Id = id;
        Owner = owner.Name;
        ResourceUri = resourceUri;
        (_options, _time, _starter) = host;
        IdleTimeOut = IdleTime(request, _options);
        _clientAddress = owner.Address;
        _account = owner.Account;
        _request = request;
        _started = _lastUse = _time.GetTimestamp();
        _timer = _time.CreateTimer(_ => OnTimer(expire), null, IdleTimeOut, Timeout.InfiniteTimeSpan);
    }

    public string Id { get; }

    public string Owner { get; }

    public string ResourceUri { get; }

    public TimeSpan IdleTimeOut { get; }

    public IReadOnlyList<string> OutputStreams => _request.OutputStreams;

    public ShellInstance Describe() => new(Id, ResourceUri)
    {
        Name = _request.Name,
        Owner = Owner,
        ClientIP = _clientAddress,
        WorkingDirectory = _request.WorkingDirectory,
        IdleTimeOut = IdleTimeOut,
        InputStreams = _request.InputStreams,
        OutputStreams = _request.OutputStreams,
        ShellRunTime = _time.GetElapsedTime(_started),
        ShellInactivity = _time.GetElapsedTime(Interlocked.Read(ref _lastUse)),
    };

    /// <summary>Marks the shell as in use until <see cref="EndUse"/>: a request under way is no idleness.</summary>
    public void BeginUse() => Interlocked.Increment(ref _uses);

    public void EndUse()
    {
        Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());
        Interlocked.Decrement(ref _uses);
    }

    public async ValueTask<ShellCommand> StartAsync(CommandLine line, bool withoutShell)
    {
        var start = (withoutShell ? CommandText.ForProgram(line) : CommandText.ForShell(line)) with
        {
            Environment = _request.Environment,
            WorkingDirectory = _request.WorkingDirectory,
        };
        var id = line.CommandId ?? NewId();
        lock (_lock)
        {
            CheckStart(id);
            MakeRoom();
        }

        var command = new ShellCommand(id, await LaunchAsync(start).ConfigureAwait(false), _request.OutputStreams, _options, _time);
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

        return command;
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

    private static TimeSpan IdleTime(CreateShell request, ShellOptions options)
    {
        var wanted = request.IdleTimeOut ?? options.IdleTimeout;
        if (wanted < options.MinIdleTimeout)
        {
            throw FaultCatalog.IdleTimeOutOutOfBounds.Fault($"the shortest idle time is {options.MinIdleTimeout.TotalSeconds} seconds.");
        }

        return wanted < options.MaxIdleTimeout ? wanted : options.MaxIdleTimeout;
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

    private async Task<RunningProcess> LaunchAsync(ProgramStart start)
    {
        try
        {
            return await _starter.StartAsync(start, _account).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException e)
        {
            throw FaultCatalog.AccessDenied.Fault(e.Message);
        }
        catch (Win32Exception e)
        {
            throw FaultCatalog.FileNotFound.Fault($"'{start.Program}' cannot be started in '{start.WorkingDirectory}': {e.Message}.");
        }
        catch (ArgumentException e)
        {
            throw FaultCatalog.InvalidParameter.Fault(e.Message);
        }
    }

    // Clients that never say that they have all output would fill the table with commands that ended long ago.
    private void MakeRoom()
    {
        if (_options.MaxProcessesPerShell == 0 || _commands.Count < _options.MaxProcessesPerShell)
        {
            return;
        }

        var done = _commands.Values.FirstOrDefault(command => command.IsFetched)
            ?? throw FaultCatalog.CommandsQuotaPerShell.Fault($"a shell has at most {_options.MaxProcessesPerShell} commands; end some first.");
        _ = EndAsync(done);
    }

    private void OnTimer(Action<OpenShell> expire)
    {
        var left = Volatile.Read(ref _uses) > 0 ? IdleTimeOut : IdleTimeOut - _time.GetElapsedTime(Interlocked.Read(ref _lastUse));
        if (_request.Lifetime - _time.GetElapsedTime(_started) is { } life && life < left)
        {
            left = life;
        }

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
