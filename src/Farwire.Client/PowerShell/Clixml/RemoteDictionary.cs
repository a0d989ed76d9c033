using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>The entries of a dictionary or hashtable, in the order they were sent. Keys may be any value.</summary>
/// <remarks>MS-PSRP, "Dictionaries" (<c>DCT</c>).</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is a dictionary there; here it keeps order and doubtful keys.")]
public sealed class RemoteDictionary : List<KeyValuePair<object, object?>>
{
    /// <summary>The value of the first entry with the text <paramref name="key"/>, without regard to case; null when there is none.</summary>
    public object? this[string key] => Find(e => e.Key is string text && text.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Adds an entry at the end.</summary>
    public void Add(object key, object? value) => Add(KeyValuePair.Create(key, value));
}
