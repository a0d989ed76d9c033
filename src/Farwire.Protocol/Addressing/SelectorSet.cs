using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Addressing;

/// <summary>The keys that choose one instance of a resource.</summary>
/// <remarks>DSP0226, "wsman:SelectorSet".</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "SelectorSet is the element's name.")]
public sealed class SelectorSet : IReadOnlyList<Selector>, IEquatable<SelectorSet>
{
    /// <summary>Selectors that one message may carry.</summary>
    public const int MaxCount = 64;

    private readonly Selector[] _selectors;

    private SelectorSet(Selector[] selectors) => _selectors = selectors;

    /// <summary>No keys: a singleton or a whole class.</summary>
    public static SelectorSet Empty { get; } = new([]);

    /// <summary>Makes a set of text keys.</summary>
    public static SelectorSet Of(params ReadOnlySpan<(string Name, string Value)> keys)
    {
        var selectors = new Selector[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            selectors[i] = new Selector(keys[i].Name, keys[i].Value);
        }

        return new SelectorSet(selectors);
    }

    /// <summary>Makes a set of <paramref name="selectors"/>, in their order.</summary>
    public static SelectorSet From(IEnumerable<Selector> selectors) => new([.. selectors]);

    /// <inheritdoc/>
    public int Count => _selectors.Length;

    /// <inheritdoc/>
    public Selector this[int index] => _selectors[index];

    /// <summary>The text of the selector <paramref name="name"/>, or null.</summary>
    public string? this[string name] => Find(name)?.Value;

    /// <summary>The selector <paramref name="name"/>, or null.</summary>
    public Selector? Find(string name)
    {
        foreach (var selector in _selectors)
        {
            if (string.Equals(selector.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return selector;
            }
        }

        return null;
    }

    // <w:SelectorSet>
    //   <w:Selector Name="">text | <a:EndpointReference/></w:Selector>*
    // </w:SelectorSet>

    /// <summary>Reads the element at which <paramref name="body"/> stands.</summary>
    public static SelectorSet Read(BodyReader body)
    {
        var selectors = new List<Selector>(4);
        body.Enter();
        while (body.NextChild())
        {
            if (!body.Is("Selector", Namespaces.WSMan))
            {
                body.Skip();
                continue;
            }

            if (selectors.Count == MaxCount)
            {
                throw FaultCatalog.SelectorLimit.Fault($"a message carries at most {MaxCount} selectors.");
            }

            var selector = ReadSelector(body);
            foreach (var earlier in selectors)
            {
                if (string.Equals(earlier.Name, selector.Name, StringComparison.OrdinalIgnoreCase))
                {
                    throw FaultCatalog.DuplicateSelectors.Fault($"the selector '{selector.Name}' is given twice.");
                }
            }

            selectors.Add(selector);
        }

        return selectors.Count == 0 ? Empty : new SelectorSet([.. selectors]);
    }

    private static Selector ReadSelector(BodyReader body)
    {
        var name = body.Attribute("Name") ?? "";
        EndpointReference? reference = null;
        var text = body.ReadTextOr("EndpointReference", Namespaces.Addressing, () => reference = EndpointReference.Read(body));
        return new Selector(name, text) { Reference = reference };
    }

    /// <summary>Writes the set as an element of its own.</summary>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("w:SelectorSet"u8);
        foreach (var selector in _selectors)
        {
            xml.Start("w:Selector"u8);
            xml.Attribute("Name"u8, selector.Name);
            if (selector.Reference is { } reference)
            {
                reference.Write(xml);
            }
            else
            {
                xml.Text(selector.Value);
            }

            xml.End("w:Selector"u8);
        }

        xml.End("w:SelectorSet"u8);
    }

    /// <summary>Equal when both hold the same keys with the same values, in any order and case.</summary>
    public bool Equals(SelectorSet? other)
    {
        if (other is null || other.Count != Count)
        {
            return false;
        }

        foreach (var mine in _selectors)
        {
            if (other.Find(mine.Name) is not { } theirs
                || !string.Equals(mine.Value, theirs.Value, StringComparison.OrdinalIgnoreCase)
                || !Equals(mine.Reference, theirs.Reference))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SelectorSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = 0;
        foreach (var selector in _selectors)
        {
            hash ^= StringComparer.OrdinalIgnoreCase.GetHashCode(selector.Name) ^ (31 * StringComparer.OrdinalIgnoreCase.GetHashCode(selector.Value));
        }

        return hash;
    }

    /// <summary>The form of command lines: <c>Name=value+Name=value</c>.</summary>
    public override string ToString() => string.Join('+', _selectors.Select(s => $"{s.Name}={s.Value}"));

    /// <inheritdoc/>
    public IEnumerator<Selector> GetEnumerator() => ((IEnumerable<Selector>)_selectors).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _selectors.GetEnumerator();
}
