namespace Farwire.Providers.Contract;

/// <summary>A provider that hears from the system itself when its instances come, go or change.</summary>
public interface ICimSignals : ICimProvider
{
    /// <summary>
    /// Calls <paramref name="changed"/> whenever something may have changed, until the answer is disposed; null when the system does not tell here.
    /// It may be called too often, must not wait, and may fall silent when the system's own service ends: who listens also looks now and then.
    /// </summary>
    ValueTask<IDisposable?> ListenAsync(Action changed, CancellationToken cancellationToken);
}
