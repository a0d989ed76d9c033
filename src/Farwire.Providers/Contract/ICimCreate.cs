using Farwire.Cim.Instances;

namespace Farwire.Providers.Contract;

/// <summary>Knows how to make instances of its class.</summary>
public interface ICimCreate : ICimProvider
{
    /// <summary>Makes an instance and answers it as it is then. One that is there already faults with <c>CimError.AlreadyExists</c>.</summary>
    ValueTask<CimInstance> CreateAsync(CimInstance instance, CimCaller caller, CancellationToken cancellationToken);
}

/// <summary>Knows how to remove instances of its class.</summary>
public interface ICimDelete : ICimProvider
{
    /// <summary>Removes the instance.</summary>
    ValueTask DeleteAsync(CimInstance instance, CimCaller caller, CancellationToken cancellationToken);
}
