using System.Collections.Concurrent;
using Farwire.Plugins;
using Farwire.Protocol.Faults;

namespace Farwire.Service.Plugins;

/// <summary>Plug-ins in this very process, one object each for all callers: for a web application that hosts the service and trusts what it loads.</summary>
/// <param name="applicationId">What their startup is told of the host.</param>
/// <param name="reason">What their shutdown is told.</param>
public sealed class InProcessPlugins(string applicationId, ShutdownReason reason) : IPluginHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Lazy<Task<IPlugin>>> _running = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public async ValueTask<IPlugin> StartAsync(PluginConfiguration plugin, string account, string? shellId, CancellationToken cancellationToken)
    {
        var started = _running.GetOrAdd(plugin.Name, _ => new Lazy<Task<IPlugin>>(() => StartAsync(plugin)));
        try
        {
            return await started.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            _running.TryRemove(KeyValuePair.Create(plugin.Name, started));
            throw FaultCatalog.PluginFailed.Fault(e.Message);
        }
        catch when (started.Value.IsFaulted)
        {
            _running.TryRemove(KeyValuePair.Create(plugin.Name, started)); // the next caller tries again
            throw;
        }
    }

    /// <summary>Tells all that run to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var started in _running.Values.Where(one => one is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            using var patience = new CancellationTokenSource(Patience);
            var plugin = await started.Value.ConfigureAwait(false);
            await plugin.ShutdownAsync(reason, patience.Token).ConfigureAwait(false);
        }

        _running.Clear();
    }

    private async Task<IPlugin> StartAsync(PluginConfiguration registration)
    {
        var plugin = PluginLoadContext.Load<IPlugin>(PluginVariables.Expand(registration.Filename));
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in registration.Parameters)
        {
            parameters[name] = value;
        }

        await plugin.StartupAsync(new PluginStartup(StartupReason.RequestReceived, applicationId, parameters), CancellationToken.None).ConfigureAwait(false);
        return plugin;
    }
}
