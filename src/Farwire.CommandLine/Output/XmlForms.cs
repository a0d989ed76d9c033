using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Farwire.CommandLine.Output;

/// <summary><c>-format:xml</c>: as it came, each element on a line of its own; a list stands in one element, so that it is XML too.</summary>
internal sealed class XmlForm : IOutputForm
{
    public const string ListStart = "<wsman:Results xmlns:wsman=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/results\">";
    public const string ListEnd = "</wsman:Results>";

    public void Show(TextWriter output, string element) => output.WriteLine(element);

    public void StartList(TextWriter output) => output.WriteLine(ListStart);

    public void EndList(TextWriter output) => output.WriteLine(ListEnd);
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

    public void StartList(TextWriter output) => output.WriteLine(XmlForm.ListStart);

    public void EndList(TextWriter output) => output.WriteLine(XmlForm.ListEnd);
}
