using System.Xml;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>Turns the UTF-8 bytes of one envelope into a message whose body is still a reader.</summary>
/// <remarks>SOAP 1.2 Part 1, "SOAP Message Construct". A DTD or a processing instruction is refused; nothing is ever resolved.</remarks>
public static class EnvelopeReader
{
    /// <summary>Reads a request. Its reader serves the next one: close it once, and not before the body is read.</summary>
    /// <exception cref="WSManFaultException">
    /// The message breaks a rule; the exception knows the message it relates to when that much could be read.
    /// </exception>
    public static ReceivedRequest ReadRequest(ReadOnlyMemory<byte> utf8, EnvelopeQuota? quota = null)
    {
        quota ??= EnvelopeQuota.Default;
        MessageHeaders headers = new();
        try
        {
            var reader = Open(utf8, quota, reuse: true);
            var xml = reader.Xml;
            headers = ReadHeaders(reader, quota, out var problem);
            var isIdentify = MoveIntoBody(reader)
                && xml.LocalName == "Identify"
                && xml.NamespaceURI is Namespaces.Identity or Namespaces.IdentityMisspelt;
            if (problem is not null)
            {
                throw new WSManFaultException(problem, headers.MessageId);
            }

            if (!isIdentify)
            {
                Require(headers);
            }

            return new ReceivedRequest(headers, reader, isIdentify);
        }
        catch (XmlException e)
        {
            throw new WSManFaultException(NotXml(e), headers.MessageId);
        }
        catch (WSManFaultException e) when (e.RelatesTo is null && headers.MessageId is not null)
        {
            throw new WSManFaultException(e.Fault, headers.MessageId);
        }
    }

    /// <summary>Reads a reply, leniently: services differ in what they send.</summary>
    /// <exception cref="XmlException">The bytes are not a SOAP envelope.</exception>
    public static ReceivedReply ReadReply(ReadOnlyMemory<byte> utf8, EnvelopeQuota? quota = null)
    {
        quota ??= EnvelopeQuota.Default;
        var reader = Open(utf8, quota, reuse: false); // whoever has the reply may keep it
        var xml = reader.Xml;
        try
        {
            var headers = ReadHeaders(reader, quota, out _);
            WSManFault? fault = null;
            if (MoveIntoBody(reader) && reader.Is("Fault", Namespaces.Soap))
            {
                fault = WSManFault.Read(reader);
                fault = fault with { Action = headers.Action ?? fault.Action };
            }

            return new ReceivedReply(headers, reader, fault);
        }
        catch (WSManFaultException e)
        {
            xml.Dispose();
            throw new XmlException(e.Fault.Reason, e);
        }
        catch
        {
            xml.Dispose();
            throw;
        }
    }

    /// <summary>The fault for bytes that are not the XML of an envelope.</summary>
    public static WSManFault NotXml(XmlException error) =>
        FaultCatalog.MalformedXml.Fault($"the message is not well-formed XML: {error.Message}").Fault;

    private static BodyReader Open(ReadOnlyMemory<byte> utf8, EnvelopeQuota quota, bool reuse)
    {
        // The reader below throws what is no XmlException when the bytes end behind the colon of a name; behind a tag it does not.
        utf8 = utf8[..(utf8.Span.LastIndexOf((byte)'>') + 1)];
        NamespaceBound.Check(utf8.Span);
        var quotas = new XmlDictionaryReaderQuotas
        {
            MaxDepth = quota.MaxDepth,
            MaxStringContentLength = quota.MaxBytes,
            MaxArrayLength = quota.MaxBytes,
            MaxBytesPerRead = quota.MaxBytes,
            MaxNameTableCharCount = 64 * 1024,
        };
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(utf8, out var bytes))
        {
            bytes = utf8.ToArray();
        }

        return reuse
            ? ReusedReader.Open(bytes.Array!, bytes.Offset, bytes.Count, quotas)
            : new BodyReader(XmlDictionaryReader.CreateTextReader(bytes.Array!, bytes.Offset, bytes.Count, null, quotas, null));
    }

    private static MessageHeaders ReadHeaders(BodyReader reader, EnvelopeQuota quota, out WSManFault? problem)
    {
        var xml = reader.Xml;
        if (!reader.HasElement || xml.LocalName != "Envelope")
        {
            throw FaultCatalog.MalformedXml.Fault("the message is not a SOAP envelope.");
        }

        if (xml.NamespaceURI != Namespaces.Soap)
        {
            throw FaultCatalog.VersionMismatch.Fault($"the envelope must be SOAP 1.2 ('{Namespaces.Soap}'), not '{xml.NamespaceURI}'.");
        }

        problem = null;
        var headers = new MessageHeaders();
        reader.Enter();
        while (reader.NextChild())
        {
            if (reader.Is("Header", Namespaces.Soap))
            {
                var headerReader = new HeaderReader(reader, quota);
                headers = headerReader.Read();
                problem = headerReader.Problem;
            }
            else if (reader.Is("Body", Namespaces.Soap))
            {
                return headers;
            }
            else
            {
                throw FaultCatalog.MalformedXml.Fault($"'{xml.LocalName}' in '{xml.NamespaceURI}' stands where s:Header or s:Body was expected.");
            }
        }

        return headers; // some clients leave out the body of an operation that has none
    }

    private static bool MoveIntoBody(BodyReader reader)
    {
        var xml = reader.Xml;
        if (xml.NodeType != XmlNodeType.Element)
        {
            return false;
        }

        if (xml.IsEmptyElement)
        {
            reader.Read();
            return false;
        }

        reader.Read();
        return reader.HasElement;
    }

    private static void Require(MessageHeaders headers)
    {
        if (string.IsNullOrEmpty(headers.Action))
        {
            throw FaultCatalog.HeaderRequired.Fault("a:Action is missing.");
        }

        if (string.IsNullOrEmpty(headers.MessageId))
        {
            throw FaultCatalog.InvalidHeader.Fault("a:MessageID is missing or empty.");
        }

        if (headers.ReplyTo is { } replyTo && replyTo != Addressing.EndpointReference.Anonymous)
        {
            throw FaultCatalog.UnsupportedAddressing.Fault($"a:ReplyTo must be '{Addressing.EndpointReference.Anonymous}', not '{replyTo}'.");
        }

        if (headers.FaultTo is { } faultTo && faultTo != Addressing.EndpointReference.Anonymous)
        {
            throw FaultCatalog.UnsupportedAddressing.Fault($"a:FaultTo must be '{Addressing.EndpointReference.Anonymous}', not '{faultTo}'.");
        }

        if (headers.MaxEnvelopeSize is { } size && size < MinEnvelopeSize)
        {
            throw FaultCatalog.MinimumEnvelopeLimit.Fault($"w:MaxEnvelopeSize is {size}; the smallest that can be served is {MinEnvelopeSize}.");
        }
    }

    /// <summary>The least that a client may allow for an answer.</summary>
    /// <remarks>DSP0226, "wsman:MaxEnvelopeSize".</remarks>
    public const int MinEnvelopeSize = 8192;
}
