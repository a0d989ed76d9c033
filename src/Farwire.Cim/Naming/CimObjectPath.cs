using System.Text;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.Cim.Naming;

/// <summary>The name of an instance or a class in words: <c>\\server\root\cimv2:Class.Key="value",Key2=5</c>, <c>Class="value"</c>, <c>Class=@</c>, <c>Class</c>.</summary>
/// <param name="ClassName">The class.</param>
/// <param name="Keys">Name and value; a single key may have no name, which is empty then.</param>
/// <remarks>The WMI SDK, "Describing the location of a WMI object"; MS-WMI, "Object path".</remarks>
public sealed record CimObjectPath(string ClassName, IReadOnlyList<(string Name, string Value)> Keys)
{
    private const int MaxLength = 16 * 1024;

    /// <summary>The namespace, with forward slashes; null is that of the request.</summary>
    public string? Namespace { get; init; }

    /// <summary>It names the only instance of the class (<c>=@</c>).</summary>
    public bool IsSingleton { get; init; }

    /// <summary>It names a class, not an instance.</summary>
    public bool IsClass => Keys.Count == 0 && !IsSingleton;

    /// <summary>The path of a reference.</summary>
    public static CimObjectPath? Of(EndpointReference reference)
    {
        if (reference.ResourceUri is not { } text || CimResourceUri.Parse(text) is not { } uri)
        {
            return null;
        }

        var keys = reference.Selectors.Where(s => !s.Name.Equals(CimResourceUri.NamespaceSelector, StringComparison.OrdinalIgnoreCase));
        return new CimObjectPath(uri.ClassName, [.. keys.Select(s => (s.Name, s.Reference is { } inner ? Of(inner)?.ToString() ?? "" : s.Value))])
        {
            Namespace = uri.Namespace ?? reference.Selectors[CimResourceUri.NamespaceSelector],
        };
    }

    /// <summary>Reads a path; null when the text is none.</summary>
    public static CimObjectPath? Parse(string text)
    {
        var rest = text.AsSpan().Trim();
        string? namespaceName = null;
        if (rest.Length is 0 or > MaxLength)
        {
            return null;
        }

        // [\\server\]namespace: comes before the class; a colon after the first = or . belongs to a value.
        var colon = rest.IndexOf(':');
        if (colon >= 0 && rest[..colon].IndexOfAny('=', '"', '\'') < 0)
        {
            var place = rest[..colon].ToString().Replace('\\', '/');
            place = place.StartsWith("//", StringComparison.Ordinal) ? place[(place.IndexOf('/', 2) + 1)..] : place;
            namespaceName = place.Trim('/');
            rest = rest[(colon + 1)..];
        }

        var end = rest.IndexOfAny('.', '=');
        var name = (end < 0 ? rest : rest[..end]).Trim().ToString();
        if (name.Length == 0 || !name.All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            return null;
        }

        var path = new CimObjectPath(name, []) { Namespace = namespaceName };
        if (end < 0)
        {
            return path;
        }

        if (rest[end] == '=')
        {
            var value = rest[(end + 1)..].Trim();
            return value is "@" ? path with { IsSingleton = true }
                : TakeValue(ref value) is { } single && value.IsEmpty ? path with { Keys = [("", single)] }
                : null;
        }

        return TakeKeys(rest[(end + 1)..]) is { } keys ? path with { Keys = keys } : null;
    }

    /// <summary>The selectors of the keys; a key without a name takes that of <paramref name="onlyKey"/>.</summary>
    public SelectorSet ToSelectors(string? onlyKey) =>
        SelectorSet.From(Keys.Select(k => new Selector(k.Name.Length == 0 ? onlyKey ?? "" : k.Name, k.Value)));

    /// <summary>The reference in the family of WMI.</summary>
    public EndpointReference ToReference(string namespaceName, string? onlyKey) =>
        new() { ResourceUri = $"{ResourceUris.Wmi}/{Namespace ?? namespaceName}/{ClassName}", Selectors = ToSelectors(onlyKey) };

    /// <summary>The path without server and namespace: <c>Class.Key="value"</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(ClassName);
        for (var i = 0; i < Keys.Count; i++)
        {
            var (name, value) = Keys[i];
            text.Append(i > 0 ? "," : name.Length > 0 ? "." : "").Append(name).Append("=\"");
            text.Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return IsSingleton ? text.Append("=@").ToString() : text.ToString();
    }

    private static List<(string, string)>? TakeKeys(ReadOnlySpan<char> rest)
    {
        var keys = new List<(string, string)>();
        while (true)
        {
            var equals = rest.IndexOf('=');
            if (equals <= 0 || keys.Count == SelectorSet.MaxCount)
            {
                return null;
            }

            var name = rest[..equals].Trim().ToString();
            rest = rest[(equals + 1)..];
            if (name.Length == 0 || TakeValue(ref rest) is not { } value)
            {
                return null;
            }

            keys.Add((name, value));
            rest = rest.TrimStart();
            if (rest.IsEmpty)
            {
                return keys;
            }

            if (rest[0] != ',')
            {
                return null;
            }

            rest = rest[1..];
        }
    }

    // "text" or 'text' with \ before quotes and itself, or anything up to the next comma.
    private static string? TakeValue(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        if (rest.IsEmpty)
        {
            return null;
        }

        if (rest[0] is not ('"' or '\''))
        {
            var comma = rest.IndexOf(',');
            var plain = comma < 0 ? rest : rest[..comma];
            rest = comma < 0 ? [] : rest[comma..];
            return plain.Trim().ToString();
        }

        var quote = rest[0];
        var value = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == quote)
            {
                rest = rest[(i + 1)..];
                return value.ToString();
            }

            if (rest[i] == '\\' && i + 1 < rest.Length)
            {
                i++;
            }

            value.Append(rest[i]);
        }

        return null;
    }
}
