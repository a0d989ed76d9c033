using System.Collections.Concurrent;
using Farwire.Processes.Tree;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;

namespace Farwire.Shells.PowerShell;

/// <summary>An open PowerShell: a runspace pool in a process of its own, and the pipelines that its client started.</summary>
internal sealed class OpenPowerShell : OpenShell
{
    private readonly ShellOptions _options;
    private readonly string _locale;
    private readonly string _dataLocale;
    private readonly ConcurrentDictionary<Guid, Pipeline> _pipelines = new();
    private readonly FragmentQueue _pool;
    private PowerShellProcess? _process;

    public OpenPowerShell(string id, OperationContext context, CreateShell request, ShellHost host, TicketCache? tickets, Action<OpenShell> expire)
        : base(id, context, request, host, tickets, expire)
    {
        _options = host.Options;
        _locale = context.Locale ?? "en-US";
        _dataLocale = context.Headers.DataLocale ?? _locale;
        _pool = new FragmentQueue(_options.MaxPendingOutputBytes);
    }

    /// <summary>What both sides said when the pool began, for a client that connects to it later.</summary>
    public PoolBeginning Beginning { get; } = new();

    /// <summary>The process, once it runs.</summary>
    public PowerShellProcess Process
    {
        get => _process ?? throw FaultCatalog.OperationAborted.Fault("the shell is not open.");
        set => _process = value;
    }

    /// <summary>Takes what PowerShell sends.</summary>
    public async ValueTask ReceivedAsync(Guid target, ReadOnlyMemory<byte> fragments)
    {
        if (target == Guid.Empty)
        {
            Beginning.FromService(fragments.Span);
            await _pool.AddAsync(fragments).ConfigureAwait(false);
        }
        else if (_pipelines.TryGetValue(target, out var pipeline))
        {
            await pipeline.Output.AddAsync(fragments).ConfigureAwait(false);
            if (pipeline.End.IsIn(fragments.Span))
            {
                pipeline.Output.Complete();
            }
        }
    }

    /// <summary>PowerShell is gone: who waits is told.</summary>
    public void Ended(string why)
    {
        _pool.Complete(why);
        foreach (var pipeline in _pipelines.Values)
        {
            pipeline.Output.Complete(why);
        }
    }

    /// <summary>Makes room for a pipeline.</summary>
    public void Add(Guid pipeline)
    {
        if (_options.MaxCommandsPerShell > 0 && _pipelines.Count >= _options.MaxCommandsPerShell)
        {
            throw FaultCatalog.CommandsQuotaPerShell.Fault($"a shell has at most {_options.MaxCommandsPerShell} commands; end some first.");
        }

        if (!_pipelines.TryAdd(pipeline, new Pipeline(new FragmentQueue(_options.MaxPendingOutputBytes), new PipelineEnd())))
        {
            throw FaultCatalog.CommandIdInUse.Fault($"the shell has a command '{pipeline}' already.");
        }
    }

    /// <summary>Forgets a pipeline; who waits for its output is told.</summary>
    public void Remove(Guid pipeline)
    {
        if (_pipelines.TryRemove(pipeline, out var removed))
        {
            removed.Output.Complete("the command was ended.");
        }
    }

    /// <summary>The output of a pipeline, or, for null, of the pool.</summary>
    public FragmentQueue Output(Guid? pipeline) => pipeline is not { } id ? _pool
        : _pipelines.TryGetValue(id, out var found) ? found.Output
        : throw FaultCatalog.UnexpectedSelectors.Fault($"the shell has no command '{id}'.");

    /// <inheritdoc/>
    public override ShellInstance Describe() => base.Describe() with
    {
        ProcessId = _process?.Process.Id,
        MaxIdleTimeOut = _options.MaxIdleTimeout,
        Locale = _locale,
        DataLocale = _dataLocale,
        CompressionMode = IsCompressed ? "XpressCompression" : "NoCompression",
        ProfileLoaded = true,
        Encoding = "UTF8",
        BufferMode = "Block",
        State = "Connected",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<CommandInstance> DescribeCommands() =>
        [.. _pipelines.Keys.Select(pipeline => new CommandInstance(pipeline.ToString("D").ToUpperInvariant(), "", "Running"))];

    /// <inheritdoc/>
    protected override Task EndProgramsAsync()
    {
        Dispose();
        Ended("the shell is closed.");
        return _process?.EndAsync() ?? Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ProcessUsage Usage() => _process?.Process.Usage() ?? default;

    /// <inheritdoc/>
    protected override void OnMode(BufferMode mode)
    {
        _pool.Mode = mode;
        foreach (var pipeline in _pipelines.Values)
        {
            pipeline.Output.Mode = mode;
        }
    }

    /// <inheritdoc/>
    protected override void Restore()
    {
        _pool.Restore();
        foreach (var pipeline in _pipelines.Values)
        {
            pipeline.Output.Restore();
        }
    }

    /// <inheritdoc/>
    protected override void HandOver()
    {
        _pool.HandOver();
        foreach (var pipeline in _pipelines.Values)
        {
            pipeline.Output.HandOver();
        }
    }

    private sealed record Pipeline(FragmentQueue Output, PipelineEnd End);
}
