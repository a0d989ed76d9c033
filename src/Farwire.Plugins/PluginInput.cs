using System.Text;
using System.Xml;

namespace Farwire.Plugins;

/// <summary>What a client brought, as the registration's XmlRenderingType has it: a text or a reader, never both.</summary>
public sealed class PluginInput
{
    private readonly ReadOnlyMemory<byte> _utf8;

    /// <summary>Renders one element.</summary>
    public PluginInput(ReadOnlyMemory<byte> utf8, XmlRendering rendering)
    {
        _utf8 = utf8;
        Rendering = rendering;
        if (rendering == XmlRendering.Text)
        {
            Text = Encoding.UTF8.GetString(utf8.Span);
        }
        else
        {
            Reader = XmlReader.Create(new MemoryStream(utf8.ToArray(), writable: false), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        }
    }

    /// <summary>How it comes.</summary>
    public XmlRendering Rendering { get; }

    /// <summary>The element; null when it comes as a reader.</summary>
    public string? Text { get; }

    /// <summary>A reader in front of the element; null when it comes as a text. Read once.</summary>
    public XmlReader? Reader { get; }

    /// <summary>The bytes, for a host that hands them on.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8;
}

/// <summary>How a plug-in takes XML (XmlRenderingType).</summary>
public enum XmlRendering
{
    /// <summary>As a string.</summary>
    Text,

    /// <summary>As an <see cref="System.Xml.XmlReader"/>.</summary>
    XmlReader,
}
