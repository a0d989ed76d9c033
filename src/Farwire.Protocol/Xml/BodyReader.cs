using System.Text;
using System.Xml;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Protocol.Xml;

/// <summary>Walks the elements of a message in wire order.</summary>
/// <remarks>
/// The walk: <see cref="Enter()"/> an element, then <see cref="NextChild"/> until it answers false; each child is consumed by
/// <see cref="ReadText"/>, <see cref="Skip"/>, <see cref="ReadOuterXml"/> or by a walk of its own. The XML reader below refuses DTDs and
/// processing instructions and holds the quotas.
/// </remarks>
public sealed class BodyReader : IDisposable
{
    private readonly ReusedReader.Kept? _kept;
    private bool _entered;
    private bool _insideEmpty;
    private bool _ended;

    /// <summary>Walks what <paramref name="xml"/> stands at.</summary>
    public BodyReader(XmlDictionaryReader xml) => Xml = xml;

    internal BodyReader(XmlDictionaryReader xml, ReusedReader.Kept kept)
        : this(xml) => _kept = kept;

    /// <summary>The reader below, for payloads that bring their own codec. Leave it after the element it stood at.</summary>
    public XmlDictionaryReader Xml { get; }

    /// <summary>Ends the reading; the reader below may serve the next message.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        if (_kept is null)
        {
            Xml.Dispose();
        }
        else
        {
            _kept.Release();
        }
    }

    /// <summary>The local name of the element at hand.</summary>
    public string LocalName => Xml.LocalName;

    /// <summary>The namespace of the element at hand.</summary>
    public string NamespaceUri => Xml.NamespaceURI;

    /// <summary>True when the reader stands at the element of this name.</summary>
    public bool Is(string localName, string namespaceUri) =>
        Xml.NodeType == XmlNodeType.Element && Xml.LocalName == localName && Xml.NamespaceURI == namespaceUri;

    /// <summary>True when the reader stands at an element at all: a body may be empty or missing.</summary>
    public bool HasElement => MoveToContent() == XmlNodeType.Element;

    /// <summary>The unqualified attribute <paramref name="name"/>, or null.</summary>
    public string? Attribute(string name) => Xml.GetAttribute(name);

    /// <summary>The attribute <paramref name="name"/> in <paramref name="namespaceUri"/>, or null.</summary>
    public string? Attribute(string name, string namespaceUri) => Xml.GetAttribute(name, namespaceUri);

    /// <summary>True when the element carries <c>xsi:nil="true"</c>.</summary>
    public bool IsNil => Xml.GetAttribute("nil", Namespaces.SchemaInstance) is { } nil && nil.Trim() is "true" or "1";

    /// <summary>Goes into the element at hand.</summary>
    public void Enter()
    {
        _insideEmpty = Xml.IsEmptyElement;
        _entered = true;
        Read();
    }

    /// <summary>Goes into the element of this name, or faults with <c>w:SchemaValidationError</c>.</summary>
    public void Enter(string localName, string namespaceUri)
    {
        if (!HasElement || !Is(localName, namespaceUri))
        {
            var found = Xml.NodeType == XmlNodeType.Element ? $"'{Xml.LocalName}' in '{Xml.NamespaceURI}'" : "nothing";
            throw FaultCatalog.SchemaValidationError.Fault($"the body must hold '{localName}' in '{namespaceUri}'; it holds {found}.");
        }

        Enter();
    }

    /// <summary>Goes to the next child of the element entered last, or leaves that element and answers false.</summary>
    public bool NextChild()
    {
        if (_entered)
        {
            _entered = false;
            if (_insideEmpty)
            {
                _insideEmpty = false;
                return false;
            }
        }

        while (true)
        {
            switch (MoveToContent())
            {
                case XmlNodeType.Element:
                    return true;
                case XmlNodeType.EndElement:
                    Read();
                    return false;
                case XmlNodeType.None:
                    throw new XmlException("The document ends inside an element.");
                default:
                    Read(); // stray text between elements carries nothing
                    break;
            }
        }
    }

    /// <summary>Passes over the element at hand.</summary>
    public void Skip()
    {
        try
        {
            Xml.Skip();
        }
        catch (ArgumentException e)
        {
            throw Malformed(e);
        }
    }

    /// <summary>Reads the element's text, trimmed, and leaves it. Child elements fault with <c>w:SchemaValidationError</c>.</summary>
    /// <remarks>Several clients wrap values in line breaks, and any text may come as CDATA.</remarks>
    public string ReadText() => ReadRawText().Trim();

    /// <summary>Reads the element's text as it stands, blanks included.</summary>
    public string ReadRawText()
    {
        if (Xml.IsEmptyElement)
        {
            Read();
            return "";
        }

        var depth = Xml.Depth;
        try
        {
            return Xml.ReadElementContentAsString();
        }
        catch (ArgumentException e)
        {
            throw Malformed(e);
        }
        catch (XmlException e) when (Xml.NodeType == XmlNodeType.Element && Xml.Depth > depth)
        {
            throw FaultCatalog.SchemaValidationError.Fault($"'{Xml.LocalName}' stands where text was expected: {e.Message}");
        }
    }

    /// <summary>Reads text, or the one child element of the given name by <paramref name="readChild"/>; then the text is empty.</summary>
    public string ReadTextOr(string localName, string namespaceUri, Action readChild)
    {
        var found = false;
        var text = ReadMixed(() =>
        {
            if (Is(localName, namespaceUri))
            {
                found = true;
                readChild();
            }
            else
            {
                Skip();
            }
        });
        return found ? "" : text;
    }

    /// <summary>Reads an element that holds text and elements; <paramref name="readChild"/> consumes each of those. The text is trimmed.</summary>
    public string ReadMixed(Action readChild)
    {
        if (Xml.IsEmptyElement)
        {
            Read();
            return "";
        }

        // Text mostly comes in one piece, but each entity and each CDATA section is a piece of its own: a peer may send a hundred thousand.
        string? first = null;
        StringBuilder? text = null;
        Read();
        while (Xml.NodeType != XmlNodeType.EndElement)
        {
            switch (Xml.NodeType)
            {
                case XmlNodeType.Element:
                    readChild();
                    break;
                case XmlNodeType.None:
                    throw new XmlException("The document ends inside an element.");
                case XmlNodeType.Comment:
                    Read();
                    break;
                default:
                    if (first is null)
                    {
                        first = Xml.Value;
                    }
                    else
                    {
                        (text ??= new StringBuilder(first)).Append(Xml.Value);
                    }

                    Read();
                    break;
            }
        }

        Read();
        return (text?.ToString() ?? first ?? "").Trim();
    }

    /// <summary>Reads base64, blanks and line breaks allowed, and leaves the element.</summary>
    public byte[] ReadBase64()
    {
        if (Xml.IsEmptyElement)
        {
            Read();
            return [];
        }

        try
        {
            return Xml.ReadElementContentAsBase64(); // straight from the envelope's bytes, three times as fast as by way of a string
        }
        catch (ArgumentException e)
        {
            throw Malformed(e);
        }
        catch (XmlException e)
        {
            throw FaultCatalog.SchemaValidationError.Fault($"the element's text is not base64: {e.Message}");
        }
    }

    /// <summary>Reads the element at hand as XML that stands alone, with the namespaces it uses, and leaves it.</summary>
    public string ReadOuterXml()
    {
        try
        {
            return Xml.ReadOuterXml();
        }
        catch (ArgumentException e)
        {
            throw Malformed(e);
        }
    }

    /// <summary>Reads what stands inside of the element at hand as XML, trimmed, and leaves it.</summary>
    public string ReadInnerXml()
    {
        try
        {
            return Xml.ReadInnerXml().Trim();
        }
        catch (ArgumentException e)
        {
            throw Malformed(e);
        }
    }

    // The reader below means to throw XmlException for every broken message. For a name that ends behind its colon, and for many equal attributes in
    // one tag, an ArgumentException of the framework slips through.

    /// <summary>Goes one node on.</summary>
    internal void Read()
    {
        try
        {
            Xml.Read();
        }
        catch (ArgumentException e)
        {
            throw Malformed(e);
        }
    }

    /// <summary>Goes to the next node that is neither blank nor comment, unless it stands at one.</summary>
    internal XmlNodeType MoveToContent()
    {
        try
        {
            return Xml.MoveToContent();
        }
        catch (ArgumentException e)
        {
            throw Malformed(e);
        }
    }

    private static XmlException Malformed(ArgumentException e) => new($"The names of the message are not well-formed: {e.Message}", e);
}
