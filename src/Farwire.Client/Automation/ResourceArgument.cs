using System.Text;
using System.Xml;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Client.Automation;

/// <summary>What an operation is about: made from a URI with keys, from an endpoint reference in XML, or from a <see cref="ResourceLocator"/>.</summary>
internal sealed record ResourceArgument(string Uri, SelectorSet Selectors)
{
    private const int MaxCharacters = 64 * 1024;

    public OptionSet Options { get; init; } = OptionSet.Empty;

    public FragmentTransfer? Fragment { get; init; }

    /// <summary>Reads what a script hands over as text.</summary>
    /// <exception cref="ArgumentException">It names no resource.</exception>
    public static ResourceArgument Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reference = text.AsSpan().TrimStart() is ['<', ..] ? Read(text) : Parse(text);
        return reference.ResourceUri is { Length: > 0 } uri
            ? new ResourceArgument(uri, reference.Selectors)
            : throw new ArgumentException("A resource is missing.", nameof(text));
    }

    /// <summary>A URI with keys; an alias at its beginning is written out.</summary>
    public static EndpointReference Parse(string text)
    {
        try
        {
            return ResourceText.Parse(text);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(text), e);
        }
    }

    // What Create answered is a reference as well. Aliases in a reference stay what they are: they never stand on the wire.
    private static EndpointReference Read(string text)
    {
        if (text.Length > MaxCharacters)
        {
            throw new ArgumentException($"A reference has {MaxCharacters} characters at most.", nameof(text));
        }

        try
        {
            using var xml = XmlDictionaryReader.CreateTextReader(Encoding.UTF8.GetBytes(text.Trim()), XmlDictionaryReaderQuotas.Max);
            xml.MoveToContent();
            return (xml.NamespaceURI, xml.LocalName) is (Namespaces.Addressing, "EndpointReference") or (Namespaces.Transfer, "ResourceCreated")
                ? EndpointReference.Read(new BodyReader(xml))
                : throw new ArgumentException($"'{xml.LocalName}' is not an endpoint reference.", nameof(text));
        }
        catch (XmlException e)
        {
            throw new ArgumentException($"The endpoint reference is not well-formed: {e.Message}", nameof(text), e);
        }
    }
}
