using System.Text;
using System.Xml;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Tests;

/// <summary>Between XML text and the readers and writers of the rooms.</summary>
internal static class Xml
{
    public static BodyReader Reader(string xml)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        var reader = XmlDictionaryReader.CreateTextReader(bytes, XmlDictionaryReaderQuotas.Max);
        reader.MoveToContent();
        return new BodyReader(reader);
    }

    public static string Written(Action<XmlUtf8Writer> write)
    {
        using var xml = new XmlUtf8Writer();
        write(xml);
        return Encoding.UTF8.GetString(xml.Written.Span);
    }
}
