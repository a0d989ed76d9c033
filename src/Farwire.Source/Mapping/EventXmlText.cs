using System.Globalization;
using System.Text;
using Farwire.Events.Records;

namespace Farwire.Source.Mapping;

/// <summary>Writes elements without prefixes; what XML cannot carry is made visible.</summary>
internal readonly struct EventXmlText(StringBuilder text)
{
    public EventXmlText Raw(string markup)
    {
        text.Append(markup);
        return this;
    }

    public EventXmlText Element(string name, string value)
    {
        text.Append('<').Append(name).Append('>');
        Escape(value);
        text.Append("</").Append(name).Append('>');
        return this;
    }

    public EventXmlText Element(string name, IFormattable value) => Element(name, value.ToString(null, CultureInfo.InvariantCulture));

    public EventXmlText Attribute(string name, string value)
    {
        text.Append(' ').Append(name).Append("=\"");
        Escape(value);
        text.Append('"');
        return this;
    }

    public EventXmlText Data(string name, string value)
    {
        text.Append("<Data");
        Attribute("Name", name);
        text.Append('>');
        Escape(value);
        text.Append("</Data>");
        return this;
    }

    private void Escape(string value)
    {
        var rest = EventText.Clean(value).AsSpan();
        for (int at; (at = rest.IndexOfAny("<>&\"\r")) >= 0; rest = rest[(at + 1)..])
        {
            text.Append(rest[..at]).Append(rest[at] switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '"' => "&quot;", _ => "&#xD;" });
        }

        text.Append(rest);
    }
}
