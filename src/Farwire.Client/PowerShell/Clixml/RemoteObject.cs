using System.Globalization;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>An object of the other side: its type names, its text, its properties, and its value if it is one.</summary>
/// <remarks>
/// MS-PSRP, "Complex Objects". It is a picture: it has no methods, and changing it changes nothing there. Two places that hold the same object hold the
/// same <see cref="RemoteObject"/>, so a picture can contain itself.
/// </remarks>
public sealed class RemoteObject
{
    /// <summary>The names of its type and of those it derives from, the most special first; empty for a bare bag of properties.</summary>
    public IReadOnlyList<string> TypeNames { get; set; } = [];

    /// <summary>What its <c>ToString</c> said; null when nothing was sent.</summary>
    public string? Text { get; set; }

    /// <summary>
    /// The value it is: a simple value, an enumeration's number, a <see cref="RemoteList"/>, a <see cref="RemoteDictionary"/>, or null when it has only
    /// properties.
    /// </summary>
    public object? Value { get; set; }

    /// <summary>It has a <see cref="Value"/>, which may be null.</summary>
    public bool HasValue { get; set; }

    /// <summary>The properties its type has (<c>Props</c>); null when none were sent.</summary>
    public PropertyBag? Adapted { get; set; }

    /// <summary>The properties that were added to it, or all of a bag (<c>MS</c>); null when none were sent.</summary>
    public PropertyBag? Extended { get; set; }

    /// <summary>The property <paramref name="name"/>, added or of the type; null when there is none.</summary>
    public object? this[string name] => Extended is not null && Extended.TryGet(name, out var value) || Adapted is not null && Adapted.TryGet(name, out value) ? value : null;

    /// <summary>The names of all properties, those of the type first.</summary>
    public IEnumerable<string> PropertyNames => (Adapted?.Select(p => p.Key) ?? []).Concat(Extended?.Select(p => p.Key) ?? []).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The object is of <paramref name="type"/>, or was before it was pictured (<c>Deserialized.…</c>).</summary>
    public bool Is(string type) => TypeNames.Any(t => t == type || (t.StartsWith("Deserialized.", StringComparison.Ordinal) && t.AsSpan("Deserialized.".Length).SequenceEqual(type)));

    /// <summary>Its text as PowerShell would write it in a string.</summary>
    public override string ToString() => Text ?? (HasValue && Value is not (RemoteList or RemoteDictionary) ? Convert.ToString(Value, CultureInfo.InvariantCulture) ?? "" : (TypeNames.Count > 0 ? TypeNames[0] : ""));

    /// <summary>A bag of properties, without a type.</summary>
    internal static RemoteObject Bag(params ReadOnlySpan<(string Name, object? Value)> properties) => new() { Extended = PropertyBag.Of(properties) };

    /// <summary>An object that is a value.</summary>
    internal static RemoteObject Of(object? value, string[] typeNames, string? text = null) => new() { Value = value, HasValue = true, TypeNames = typeNames, Text = text };

    /// <summary>A member of an enumeration.</summary>
    internal static RemoteObject Enum(string type, string name, int value) => Of(value, [type, "System.Enum", "System.ValueType", "System.Object"], name);
}
