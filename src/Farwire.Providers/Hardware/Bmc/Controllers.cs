using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Farwire.Ipmi;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;
using Farwire.Providers.Contract;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>All configured controllers.</summary>
public sealed class Controllers : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly Dictionary<string, Controller> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Prepares the controllers; each is reached when it is first asked for.</summary>
    public Controllers(HardwareOptions options, TimeProvider? time = null, ILogger? logger = null)
    {
        Options = options;
        _logger = logger ?? NullLogger.Instance;
        var cache = new MemorySdrCache();
        foreach (var controller in options.Controllers)
        {
            _byName.Add(controller.Name, new Controller(controller, options, time ?? TimeProvider.System, cache));
        }
    }

    /// <summary>True when this machine's own controller is among them.</summary>
    public bool HasOwn => Own is not null;

    /// <summary>True when there is any.</summary>
    public bool HasAny => _byName.Count > 0;

    internal HardwareOptions Options { get; }

    private Controller? Own => _byName.Values.FirstOrDefault(c => c.IsOwn);

    /// <summary>Writes to this machine's own log that its system has started.</summary>
    /// <exception cref="Protocol.Faults.WSManFaultException">The controller does not answer, or refuses.</exception>
    public async Task TellStartAsync(CancellationToken cancellationToken)
    {
        if (Own is { } own)
        {
            await own.DemandAsync((client, token) => SystemRecords.WriteBootAsync(client, token), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes to this machine's own log that its system goes down, and why.</summary>
    /// <exception cref="Protocol.Faults.WSManFaultException">The controller does not answer, or refuses.</exception>
    public async Task TellShutdownAsync(uint reason, CancellationToken cancellationToken)
    {
        if (Own is { } own)
        {
            await own.DemandAsync(
                async (client, token) =>
                {
                    await SystemRecords.WriteShutdownAsync(client, reason, token).ConfigureAwait(false);
                    return true;
                }, cancellationToken).ConfigureAwait(false);
        }
    }

    internal IReadOnlyCollection<Controller> All => _byName.Values;

    internal Controller? Find(string name) => _byName.GetValueOrDefault(name);

    internal void ThresholdWithoutEffect(string system, string sensor, ThresholdMask threshold)
    {
        if (threshold == ThresholdMask.LowerNonCritical)
        {
            Log.LowerWithoutEffect(_logger, system, sensor);
        }
        else
        {
            Log.UpperWithoutEffect(_logger, system, sensor);
        }
    }

    /// <summary>Ends all sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var controller in _byName.Values)
        {
            await controller.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Asks all controllers at once, or the one that <paramref name="need"/> fixes by <paramref name="nameProperty"/>, and gives their rows as they
    /// come: a slow controller holds back nobody's rows but its own, and a dead one among many has none.
    /// </summary>
    internal async IAsyncEnumerable<TRow> AskAllAsync<TRow>(
        CimNeed need, string nameProperty, Func<Controller, IpmiClient, CancellationToken, ValueTask<IEnumerable<TRow>>> question,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (need.Fixed(nameProperty) is { } name)
        {
            // Whoever asks for one controller is told what is wrong with it.
            foreach (var row in Find(name) is { } one ? await one.DemandAsync((client, token) => question(one, client, token), cancellationToken).ConfigureAwait(false) : [])
            {
                yield return row;
            }

            yield break;
        }

        var rows = Channel.CreateBounded<TRow>(64);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var all = Task.WhenAll(All.Select(controller => AskAsync(controller, question, rows.Writer, stop.Token)));
        var closing = all.ContinueWith(done => rows.Writer.Complete(done.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var row in rows.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return row;
            }
        }
        finally
        {
            // Whoever stops listening stops the asking.
            await stop.CancelAsync().ConfigureAwait(false);
            await closing.ConfigureAwait(false);
        }
    }

    private static async Task AskAsync<TRow>(
        Controller controller, Func<Controller, IpmiClient, CancellationToken, ValueTask<IEnumerable<TRow>>> question, ChannelWriter<TRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await controller.AskAsync(async (client, token) => (await question(controller, client, token).ConfigureAwait(false)).ToList(), cancellationToken).ConfigureAwait(false);
            foreach (var row in answer)
            {
                await rows.WriteAsync(row, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ControllerSilentException or IpmiCompletionException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Its ComputerSystem says what is wrong; the others are not to suffer.
        }
    }
}
