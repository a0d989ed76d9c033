using Farwire.Cim.Classes;
using Farwire.Cim.Instances;

namespace Farwire.Providers.Contract;

/// <summary>Knows the instances of one class.</summary>
/// <remarks>Values are of the moment they are asked for; what may be costly to find is looked up only when it is needed.</remarks>
public interface ICimProvider
{
    /// <summary>The class.</summary>
    CimClass Class { get; }

    /// <summary>
    /// There are too many instances to list: an enumeration must say by equalities which it wants. It is passed over when all of a base class are
    /// asked for, and faults with a quota when its own are.
    /// </summary>
    bool NeedsNames => false;

    /// <summary>All instances, one at a time. The list may hold more than <paramref name="need"/> asks for: it is filtered again.</summary>
    IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, CancellationToken cancellationToken);

    /// <summary>The instance of these keys, in the order of <see cref="CimClass.Keys"/>; null when there is none.</summary>
    ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);
}
