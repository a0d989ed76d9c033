using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Enumeration;

/// <summary>Which instances an enumeration or subscription wants.</summary>
/// <param name="Dialect">The URI of the filter's language; XPath 1.0 when none was given.</param>
/// <remarks>DSP0226, "Filter interpretation". <c>w:Filter</c> and <c>n:Filter</c> mean the same.</remarks>
public sealed record Filter(string Dialect)
{
    /// <summary>The filter's text, for dialects that are text (WQL, XPath).</summary>
    public string Text { get; init; } = "";

    /// <summary>The selectors, for the selector dialect.</summary>
    public SelectorSet? Selectors { get; init; }

    /// <summary>The filter's content as one XML element, for dialects that are XML (associations, event queries).</summary>
    public string? Xml { get; init; }

    /// <summary>True when the dialect is <paramref name="dialect"/>.</summary>
    public bool IsDialect(string dialect) => string.Equals(Dialect, dialect, StringComparison.OrdinalIgnoreCase);

    /// <summary>A WQL query.</summary>
    public static Filter Wql(string query) => new(Dialects.Wql) { Text = query };

    internal static Filter Read(BodyReader body)
    {
        var dialect = body.Attribute("Dialect")?.Trim() ?? Dialects.XPath;
        SelectorSet? selectors = null;
        string? xml = null;
        var text = body.ReadMixed(() =>
        {
            if (selectors is null && body.Is("SelectorSet", Namespaces.WSMan))
            {
                selectors = SelectorSet.Read(body);
            }
            else
            {
                xml = body.ReadOuterXml();
            }
        });
        return new Filter(dialect) { Text = text, Selectors = selectors, Xml = xml };
    }

    internal void Write(XmlUtf8Writer xml)
    {
        xml.Start("w:Filter"u8);
        xml.Attribute("Dialect"u8, Dialect);
        if (Selectors is not null)
        {
            Selectors.Write(xml);
        }
        else if (Xml is not null)
        {
            xml.RawContent(System.Text.Encoding.UTF8.GetBytes(Xml));
        }
        else
        {
            xml.Text(Text);
        }

        xml.End("w:Filter"u8);
    }
}
