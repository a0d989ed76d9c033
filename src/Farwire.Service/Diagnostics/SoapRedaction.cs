using System.Text;
using System.Xml;

namespace Farwire.Service.Diagnostics;

/// <summary>A message as it may be shown: secrets are left out, and so is everything that programs of users were told and said.</summary>
/// <remarks>
/// Left out are the texts of elements and attributes that are named after passwords and secrets; what goes through shells (streams, commands,
/// arguments, variables, what PowerShell sends along); and all of a message that is no XML, for then nobody knows what is what.
/// </remarks>
public static class SoapRedaction
{
    // What is longer says no more to whoever looks for an error.
    private const int MaxCharacters = 1024 * 1024;

    private static readonly HashSet<string> UsersBusiness = new(StringComparer.OrdinalIgnoreCase)
    {
        "Stream", "Command", "CommandLine", "Arguments", "Variable", "creationXml", "connectXml", "connectResponseXml",
    };

    /// <summary>The message, with the length of what was left out in its place.</summary>
    public static string Redact(ReadOnlyMemory<byte> utf8)
    {
        var text = new StringBuilder();
        try
        {
            using var bytes = new MemoryStream(utf8.ToArray(), writable: false);
            using var reader = XmlReader.Create(bytes, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
            using var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true });
            Copy(reader, writer);
        }
        catch (XmlException e)
        {
            return $"({utf8.Length} bytes that are no XML, or too long: {e.Message})";
        }

        return text.ToString();
    }

    private static void Copy(XmlReader reader, XmlWriter writer)
    {
        var path = new Stack<string>();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    writer.WriteStartElement(reader.Prefix, reader.LocalName, reader.NamespaceURI);
                    CopyAttributes(reader, writer);
                    if (reader.IsEmptyElement)
                    {
                        writer.WriteEndElement();
                    }
                    else
                    {
                        path.Push(reader.LocalName);
                    }

                    break;
                case XmlNodeType.EndElement:
                    path.Pop();
                    writer.WriteFullEndElement();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    writer.WriteString(path.Any(IsLeftOut) ? LengthOf(reader.Value) : reader.Value);
                    break;
                default:
                    break; // comments and blanks say nothing
            }
        }
    }

    private static void CopyAttributes(XmlReader reader, XmlWriter writer)
    {
        // The name of a variable is no secret; its value is its text.
        while (reader.MoveToNextAttribute())
        {
            writer.WriteAttributeString(reader.Prefix, reader.LocalName, reader.NamespaceURI.Length == 0 ? null : reader.NamespaceURI, IsSecret(reader.LocalName) ? LengthOf(reader.Value) : reader.Value);
        }

        reader.MoveToElement();
    }

    // rsp:CommandLine holds Command and Arguments; whatever stands below a name that is left out goes with it.
    private static bool IsLeftOut(string name) => UsersBusiness.Contains(name) || IsSecret(name);

    private static bool IsSecret(string name) => name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase);

    private static string LengthOf(string text) => $"({text.Length} characters)";
}
