using Farwire.Cim.Classes;
using Farwire.Cim.Instances;

namespace Farwire.Providers.Contract;

/// <summary>Knows how to run the methods of its class.</summary>
public interface ICimInvoke : ICimProvider
{
    /// <summary>Runs <paramref name="call"/> on the instance of these keys; null when there is none. A method that it has not faults.</summary>
    ValueTask<CimOutcome?> InvokeAsync(IReadOnlyList<string> keys, CimCall call, CancellationToken cancellationToken);
}

/// <summary>A method and its arguments.</summary>
/// <param name="Method">The method.</param>
/// <param name="Arguments">An instance whose properties are the parameters.</param>
public sealed record CimCall(CimMethod Method, CimInstance Arguments)
{
    /// <summary>An argument; NULL when it was not given.</summary>
    public CimValue this[string name] => Arguments[name];
}

/// <summary>What a method returned.</summary>
/// <param name="ReturnValue">The method's value; NULL for one without.</param>
public sealed record CimOutcome(CimValue ReturnValue)
{
    /// <summary>The parameters that it set.</summary>
    public IReadOnlyDictionary<string, CimValue> Output { get; init; } = new Dictionary<string, CimValue>();
}
