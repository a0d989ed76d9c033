using System.Xml.Linq;
using Farwire.Protocol.Xml;

namespace Farwire.TestKit.Recorded;

/// <summary>What two envelopes must share to say the same: names, values and order, but not prefixes, blanks or the order of headers.</summary>
/// <remarks>
/// Left out: namespace declarations, mustUnderstand (clients differ in it and in its namespace), <c>xml:lang</c> of the envelope. Durations are compared
/// as times: <c>PT60S</c> is <c>PT60.000S</c>; <c>End="True"</c> is <c>End="true"</c>, and <c>End="False"</c> is nothing; lists of streams are words.
/// The elements of a shell come in any order.
/// </remarks>
public static class CanonicalXml
{
    private static readonly HashSet<string> Durations =
        ["OperationTimeout", "IdleTimeOut", "IdleTimeout", "MaxIdleTimeOut", "Lifetime", "ShellRunTime", "ShellInactivity", "Expires", "MaxTime"];

    private static readonly HashSet<string> Streams = ["InputStreams", "OutputStreams", "DesiredStream"];

    /// <summary>One line an element, sorted where order means nothing.</summary>
    public static IReadOnlyList<string> Lines(string envelope)
    {
        var root = XDocument.Parse(envelope).Root!;
        var soap = root.Name.Namespace;
        var lines = new List<string>();
        foreach (var header in (root.Element(soap + "Header")?.Elements() ?? []).OrderBy(h => h.Name.ToString(), StringComparer.Ordinal))
        {
            Add(header, "Header", lines);
        }

        foreach (var child in root.Element(soap + "Body")?.Elements() ?? [])
        {
            Add(child, "Body", lines);
        }

        return lines;
    }

    private static void Add(XElement element, string path, List<string> lines)
    {
        path += "/" + element.Name;
        var attributes = element.Attributes()
            .Where(a => !a.IsNamespaceDeclaration && a.Name.LocalName != "mustUnderstand")
            .Where(a => a.Name != "End" || a.Value.Equals("true", StringComparison.OrdinalIgnoreCase))
            .Select(a => $" {a.Name}={(a.Name == "End" ? "true" : a.Value.Trim())}")
            .Order(StringComparer.Ordinal);
        var text = string.Concat(element.Nodes().OfType<XText>().Select(t => t.Value)).Trim();
        if (Durations.Contains(element.Name.LocalName) && XmlDuration.TryParse(text, out var duration))
        {
            text = duration.ToString();
        }
        else if (Streams.Contains(element.Name.LocalName))
        {
            text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }

        lines.Add($"{path}{string.Concat(attributes)} = {text}");
        foreach (var child in element.Name.LocalName == "Shell" ? element.Elements().OrderBy(e => e.Name.LocalName, StringComparer.Ordinal) : element.Elements())
        {
            Add(child, path, lines);
        }
    }
}
