using Farwire.Cim.Classes;

namespace Farwire.Providers.Contract;

/// <summary>Knows what methods of a class do, static ones too, beside the provider of its instances.</summary>
public interface ICimMethods
{
    /// <summary>The class. Its methods serve the classes derived from it as well.</summary>
    CimClass Class { get; }

    /// <summary>True when the method has something behind it.</summary>
    bool Knows(string method);

    /// <summary>Runs a method: <see cref="CimCall.Target"/> is the instance, <see cref="CimCall.Caller"/> who calls.</summary>
    ValueTask<CimOutcome> InvokeAsync(CimCall call, CancellationToken cancellationToken);
}
