using System.Xml;
using Farwire.Plugins;
using Farwire.Protocol.Envelope;

namespace Farwire.Service.Plugins;

/// <summary>What a plug-in answered, once it is known to be one well-formed element.</summary>
internal static class PluginAnswer
{
    private static readonly XmlReaderSettings Strict = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Document };

    /// <summary>The body of an answer; empty for nothing.</summary>
    /// <exception cref="InvalidDataException">It is no element.</exception>
    public static IBody Body(PluginXml xml) => xml.Utf8.Length == 0 ? EmptyBody.Instance : new XmlBody(Element(xml));

    /// <summary>The bytes of an answer that must be there.</summary>
    /// <exception cref="InvalidDataException">It is no element.</exception>
    public static ReadOnlyMemory<byte> Element(PluginXml xml) =>
        IsElement(xml.Utf8) ? xml.Utf8 : throw new InvalidDataException("The plug-in answered something that is not one well-formed XML element.");

    /// <summary>True for one element and nothing beside it: a declaration would be wrong inside of an envelope.</summary>
    public static bool IsElement(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length == 0 || utf8.Span[0] != '<' || utf8.Span[1..].StartsWith("?"u8))
        {
            return false;
        }

        try
        {
            using var stream = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(utf8, out var array)
                ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
                : new MemoryStream(utf8.ToArray(), writable: false);
            using var xml = XmlReader.Create(stream, Strict);
            while (xml.Read())
            {
            }

            return true;
        }
        catch (XmlException)
        {
            return false; // the caller says so
        }
    }
}
