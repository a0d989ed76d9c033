using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Farwire.CommandLine.Output;

/// <summary><c>-format:xml</c>: as it came, on a line of its own.</summary>
internal sealed class XmlForm : IOutputForm
{
    public void Show(TextWriter output, string element) => output.WriteLine(element);
}

/// <summary><c>-format:pretty</c>: indented by four.</summary>
internal sealed class PrettyForm : IOutputForm
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Indent = true,
        IndentChars = "    ",
        OmitXmlDeclaration = true,
        NewLineChars = "\n",
    };

    public void Show(TextWriter output, string element)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, Settings))
        {
            XElement.Parse(element).WriteTo(xml);
        }

        output.WriteLine(text);
    }
}
