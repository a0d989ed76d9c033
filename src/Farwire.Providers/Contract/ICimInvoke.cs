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
    /// <summary>The instance that the method is of; null for a static method, and for a provider that finds its instances itself.</summary>
    public CimInstance? Target { get; init; }

    /// <summary>Who calls.</summary>
    public CimCaller Caller { get; init; } = CimCaller.Nobody;

    /// <summary>An argument; NULL when it was not given.</summary>
    public CimValue this[string name] => Arguments[name];

    /// <summary>The text of an argument; null when it was not given.</summary>
    public string? Text(string name) => this[name] is { IsNull: false } value ? value.ToString() : null;
}

/// <summary>What a method returned.</summary>
/// <param name="ReturnValue">The method's value; NULL for one without.</param>
public sealed record CimOutcome(CimValue ReturnValue)
{
    /// <summary>The parameters that it set.</summary>
    public IReadOnlyDictionary<string, CimValue> Output { get; init; } = new Dictionary<string, CimValue>();

    /// <summary>A code, and the parameters that the method set.</summary>
    public static CimOutcome Of(long returnValue, params ReadOnlySpan<(string Parameter, CimValue Value)> output)
    {
        var set = new Dictionary<string, CimValue>();
        foreach (var (parameter, value) in output)
        {
            set[parameter] = value;
        }

        return new CimOutcome(returnValue) { Output = set };
    }
}
