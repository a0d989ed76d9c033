using Farwire.Cim.Instances;

namespace Farwire.Providers.Contract;

/// <summary>A provider of records that come and do not change, such as entries of a log: it gives the new ones itself, and nobody need compare all.</summary>
public interface ICimArrivals : ICimProvider
{
    /// <summary>Begins to note what comes; null when the system does not tell here.</summary>
    ICimArrival? Arrivals();
}

/// <summary>Instances that come from the moment on that it was made.</summary>
public interface ICimArrival : IDisposable
{
    /// <summary>Those that have come since the last time, the oldest first. It must not wait for more.</summary>
    IReadOnlyList<CimInstance> Take();
}
