using Farwire.Processes.Tree;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;

namespace Farwire.Shells;

/// <summary>A shell that a client opened, whatever runs in it: who has it, who is connected to it, and the clock that ends it when nobody asks any more.</summary>
internal abstract class OpenShell : IDisposable
{
    protected const long Megabyte = 1024 * 1024;

    private readonly CreateShell _request;
    private readonly ShellOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly long _started;
    private readonly string _clientAddress;
    private readonly BufferMode _usualMode;
    private CancellationTokenSource _connection = new();
    private string? _sessionId;
    private BufferMode _mode;
    private long _lastUse;
    private int _uses;

    protected OpenShell(string id, OperationContext context, CreateShell request, ShellHost host, TicketCache? tickets, Action<OpenShell> expire, BufferMode usualMode = BufferMode.Block)
    {
        _mode = _usualMode = usualMode;
        var owner = context.Caller;
        Id = id;
        Owner = owner.Name;
        ResourceUri = context.ResourceUri;
        Tickets = tickets;
        (_options, _time, _, _) = host;
        IsCompressed = context.Headers.CompressionType is not null;
        IdleTimeOut = IdleTime(request.IdleTimeOut, _options);
        _sessionId = context.Headers.SessionId;
        _clientAddress = owner.Address;
        _request = request;
        _started = _lastUse = _time.GetTimestamp();
        _timer = _time.CreateTimer(_ => OnTimer(expire), null, Shorter(IdleTimeOut, request.Lifetime), Timeout.InfiniteTimeSpan);
    }

    public string Id { get; }

    public string Owner { get; }

    public string ResourceUri { get; }

    /// <summary>What its owner left here to be used in its name; null when nothing.</summary>
    public TicketCache? Tickets { get; }

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

    /// <summary>Its commands, as resources.</summary>
    public abstract IReadOnlyList<CommandInstance> DescribeCommands();

    /// <summary>Ends all that runs in it, and takes away what its owner left for it.</summary>
    public async Task EndAsync()
    {
        await EndProgramsAsync().ConfigureAwait(false);
        if (Tickets is not null)
        {
            await Tickets.RemoveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The shell as it was made, and as Create tells it.</summary>
    public virtual ShellInstance Describe() => new(Id, ResourceUri)
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
            if (IsDisconnected)
            {
                HandOver();
            }
            else
            {
                Restore();
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

    public void Dispose() => _timer.Dispose();

    public static string NewId() => Guid.NewGuid().ToString("D").ToUpperInvariant();

    /// <summary>Ends all that runs in it; nothing more is started.</summary>
    protected abstract Task EndProgramsAsync();

    /// <summary>What its programs take.</summary>
    protected abstract ProcessUsage Usage();

    /// <summary>Output that has no room is treated otherwise from now on.</summary>
    protected abstract void OnMode(BufferMode mode);

    /// <summary>Its last answers are lost with the client that asked for them: they are given once more.</summary>
    protected abstract void Restore();

    /// <summary>Another client than the one that left it goes on with its output.</summary>
    protected virtual void HandOver()
    {
    }

    private void Join()
    {
        SetMode(_usualMode);
        Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());
        if (_connection.IsCancellationRequested)
        {
            _connection = new CancellationTokenSource();
        }
    }

    private void SetMode(BufferMode mode)
    {
        _mode = mode;
        OnMode(mode);
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
