using Farwire.Cim.Classes;

namespace Farwire.Providers.Contract;

/// <summary>The methods of a class as a table: for each method a line that says what it does. A method without a line is not implemented.</summary>
public sealed class CimMethods(CimSchema schema, string className) : ICimMethods
{
    private readonly Dictionary<string, Func<CimCall, CancellationToken, ValueTask<CimOutcome>>> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public CimClass Class { get; } = schema.Find(className) ?? throw new ArgumentException($"{schema.Namespace} has no class '{className}'.", nameof(className));

    /// <summary>The line of a method.</summary>
    public Func<CimCall, CancellationToken, ValueTask<CimOutcome>> this[string method]
    {
        init => _lines[Class.Method(method)?.Name ?? throw new ArgumentException($"{Class.Name} has no method '{method}'.", nameof(method))] = value;
    }

    /// <inheritdoc/>
    public bool Knows(string method) => _lines.ContainsKey(method);

    /// <inheritdoc/>
    public ValueTask<CimOutcome> InvokeAsync(CimCall call, CancellationToken cancellationToken) => _lines[call.Method.Name](call, cancellationToken);
}
