using System.Text;
using System.Xml;

namespace Farwire.Plugins;

/// <summary>One XML element that a plug-in answers.</summary>
public readonly record struct PluginXml(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Nothing: the answer has an empty body.</summary>
    public static PluginXml None => default;

    /// <summary>An element that is written already.</summary>
    public static PluginXml Of(string xml) => new(Encoding.UTF8.GetBytes(xml));

    /// <summary>An element that <paramref name="write"/> writes.</summary>
    public static PluginXml Write(Action<XmlWriter> write)
    {
        var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
        {
            write(xml);
        }

        return new PluginXml(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }
}

/// <summary>One item of an enumeration or a subscription.</summary>
/// <param name="Xml">The item.</param>
/// <param name="Selectors">Its keys, for clients that want references; null when it has none.</param>
public sealed record PluginItem(PluginXml Xml, IReadOnlyList<KeyValuePair<string, string>>? Selectors = null);
