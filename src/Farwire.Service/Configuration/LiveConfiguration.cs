using Farwire.Protocol.Faults;

namespace Farwire.Service.Configuration;

/// <summary>Where changes by wire are kept.</summary>
public interface IConfigurationStore
{
    /// <summary>Keeps the changes, whole or not at all.</summary>
    /// <exception cref="IOException">They cannot be kept.</exception>
    void Save(ConfigurationLayer changes);
}

/// <summary>The configuration while the service runs: swapped whole, one change after another, each applied before it is answered.</summary>
/// <param name="initial">What holds at start.</param>
/// <param name="store">Keeps changes; null lets them die with the process.</param>
public sealed class LiveConfiguration(ServiceConfiguration initial, IConfigurationStore? store = null) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile ServiceConfiguration _current = initial;

    /// <summary>What holds now.</summary>
    public ServiceConfiguration Current => _current;

    /// <summary>Brings a new configuration into force; called in turn, with what was before.</summary>
    public Func<ServiceConfiguration, ServiceConfiguration, Task>? Apply { get; set; }

    /// <summary>Changes what the wire may change: computes the new layer from what holds, keeps it, brings it into force.</summary>
    public async Task ChangeAsync(Func<ServiceConfiguration, ConfigurationLayer> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var before = _current;
            var changes = change(before);
            try
            {
                store?.Save(changes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FaultCatalog.InternalError.Fault($"the change cannot be kept and does not count: {e.Message}");
            }

            await SwapAsync(before, new ServiceConfiguration(before.Files, changes, before.Policy)).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes what the files say now.</summary>
    public async Task ReloadAsync(Func<ServiceConfiguration, ServiceConfiguration> read, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var before = _current;
            await SwapAsync(before, read(before)).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private Task SwapAsync(ServiceConfiguration before, ServiceConfiguration after)
    {
        _current = after;
        return Apply?.Invoke(before, after) ?? Task.CompletedTask;
    }
}
