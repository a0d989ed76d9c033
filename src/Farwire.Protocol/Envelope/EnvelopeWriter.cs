using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>Writes one message as an envelope in UTF-8, with the prefixes and header order of Windows.</summary>
public static class EnvelopeWriter
{
    // Header order of a client's request:
    //   To ResourceURI ReplyTo Action MaxEnvelopeSize MessageID Locale DataLocale SessionId OperationID SequenceId
    //   OptionSet SelectorSet OperationTimeout, then the rare ones; deliveries: MachineID after To, Identifier Bookmark AckRequested at the end

    /// <summary>Writes a request.</summary>
    public static void Write(XmlUtf8Writer xml, Request request)
    {
        StartEnvelope(xml, request.Body.Prefixes, language: null);
        WriteHeaders(xml, request.Headers);
        EndEnvelope(xml, request.Body);
    }

    /// <summary>Writes a request as an element inside another message, whose envelope has declared <c>s a w p</c>.</summary>
    /// <remarks>MS-WSMV, "Subscription": a collector hands out whole Subscribe messages.</remarks>
    public static void WriteEmbedded(XmlUtf8Writer xml, Request request)
    {
        xml.Start("s:Envelope"u8);
        xml.Attribute("xmlns:e"u8, "http://schemas.xmlsoap.org/ws/2004/08/eventing"u8);
        WriteHeaders(xml, request.Headers);
        EndEnvelope(xml, request.Body);
    }

    private static void WriteHeaders(XmlUtf8Writer xml, MessageHeaders headers)
    {
        xml.Start("s:Header"u8);
        if (headers.Action is not null)
        {
            Optional(xml, "a:To"u8, headers.To);
            Understood(xml, "w:ResourceURI"u8, headers.ResourceUri);
            if (headers.MachineId is { } machine)
            {
                xml.Start("m:MachineID"u8);
                xml.Attribute("xmlns:m"u8, Namespaces.MachineId);
                xml.Attribute("s:mustUnderstand"u8, "false"u8);
                xml.Text(machine);
                xml.End("m:MachineID"u8);
            }

            if ((headers.ReplyTo ?? EndpointReference.Anonymous) is { Length: > 0 } replyTo)
            {
                xml.Start("a:ReplyTo"u8);
                Understood(xml, "a:Address"u8, replyTo);
                xml.End("a:ReplyTo"u8);
            }

            Understood(xml, "a:Action"u8, headers.Action);
            if (headers.MaxEnvelopeSize is { } size)
            {
                xml.Start("w:MaxEnvelopeSize"u8);
                xml.Attribute("s:mustUnderstand"u8, "true"u8);
                xml.Text(size);
                xml.End("w:MaxEnvelopeSize"u8);
            }

            Optional(xml, "a:MessageID"u8, headers.MessageId);
            Language(xml, "w:Locale"u8, headers.Locale);
            Language(xml, "p:DataLocale"u8, headers.DataLocale);
            NotUnderstood(xml, "p:SessionId"u8, headers.SessionId);
            Operation(xml, headers, headers.OperationIdIsRetry);
            NotUnderstood(xml, "p:ActivityId"u8, headers.ActivityId);
            if (headers.Options.Count > 0)
            {
                headers.Options.Write(xml);
            }

            if (headers.Selectors.Count > 0)
            {
                headers.Selectors.Write(xml);
            }

            if (headers.OperationTimeout is { } timeout)
            {
                xml.Element("w:OperationTimeout"u8, XmlDuration.Format(timeout));
            }

            if (headers.FragmentTransfer is { } fragment)
            {
                Fragment(xml, fragment);
            }

            if (headers.CompressionType is { } compression)
            {
                xml.Start("rsp:CompressionType"u8);
                xml.Attribute("s:mustUnderstand"u8, "true"u8);
                xml.Attribute("xmlns:rsp"u8, Namespaces.Shell);
                xml.Text(compression);
                xml.End("rsp:CompressionType"u8);
            }

            if (headers.RequestTotalItemsCountEstimate)
            {
                xml.Empty("w:RequestTotalItemsCountEstimate"u8);
            }

            if (headers.RequestEpr)
            {
                xml.Empty("w:RequestEPR"u8);
            }

            Delivery(xml, headers);
        }

        xml.End("s:Header"u8);
    }

    // Header order of an answer: Action MessageID ActivityId OperationID SequenceId To OperationTimeout Bookmark RelatesTo ResourceURI

    /// <summary>Writes a reply.</summary>
    public static void Write(XmlUtf8Writer xml, Reply reply)
    {
        var headers = reply.Headers;
        StartEnvelope(xml, reply.Body.Prefixes, headers.Locale ?? "en-US");
        xml.Start("s:Header"u8);
        if (headers.Action is not null)
        {
            xml.Element("a:Action"u8, headers.Action);
            Optional(xml, "a:MessageID"u8, headers.MessageId);
            Optional(xml, "p:ActivityId"u8, headers.ActivityId);
            Operation(xml, headers, retry: false);
            Optional(xml, "a:To"u8, headers.To ?? EndpointReference.Anonymous);
            if (headers.OperationTimeout is { } timeout)
            {
                xml.Element("w:OperationTimeout"u8, XmlDuration.Format(timeout));
            }

            Bookmark(xml, headers.Bookmark);
            Optional(xml, "a:RelatesTo"u8, headers.RelatesTo);
            Optional(xml, "w:ResourceURI"u8, headers.ResourceUri); // of messages that are nobody's answer
            if (headers.FragmentTransfer is { } fragment)
            {
                Fragment(xml, fragment);
            }

            if (headers.TotalItemsCountEstimate is { } estimate)
            {
                xml.Element("w:TotalItemsCountEstimate"u8, estimate);
            }

            if (reply.Body is WSManFault { NotUnderstood: { } name })
            {
                xml.Start("s:NotUnderstood"u8);
                xml.Attribute("qname"u8, "q:" + name.Name);
                xml.Attribute("xmlns:q"u8, name.Namespace);
                xml.End("s:NotUnderstood"u8);
            }
        }

        xml.End("s:Header"u8);
        EndEnvelope(xml, reply.Body);
    }

    private static void StartEnvelope(XmlUtf8Writer xml, BodyPrefixes prefixes, string? language)
    {
        xml.Start("s:Envelope"u8);
        if (language is not null)
        {
            xml.Attribute("xml:lang"u8, language);
        }

        xml.Attribute("xmlns:s"u8, "http://www.w3.org/2003/05/soap-envelope"u8);
        xml.Attribute("xmlns:a"u8, "http://schemas.xmlsoap.org/ws/2004/08/addressing"u8);
        if (prefixes.HasFlag(BodyPrefixes.Transfer))
        {
            xml.Attribute("xmlns:x"u8, "http://schemas.xmlsoap.org/ws/2004/09/transfer"u8);
        }

        if (prefixes.HasFlag(BodyPrefixes.Eventing))
        {
            xml.Attribute("xmlns:e"u8, "http://schemas.xmlsoap.org/ws/2004/08/eventing"u8);
        }

        if (prefixes.HasFlag(BodyPrefixes.Enumeration))
        {
            xml.Attribute("xmlns:n"u8, "http://schemas.xmlsoap.org/ws/2004/09/enumeration"u8);
        }

        xml.Attribute("xmlns:w"u8, "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"u8);
        if (prefixes.HasFlag(BodyPrefixes.Shell))
        {
            xml.Attribute("xmlns:rsp"u8, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"u8);
        }

        if (prefixes.HasFlag(BodyPrefixes.CimBinding))
        {
            xml.Attribute("xmlns:b"u8, "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"u8);
        }

        xml.Attribute("xmlns:p"u8, "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"u8);
    }

    private static void EndEnvelope(XmlUtf8Writer xml, IBody body)
    {
        xml.Start("s:Body"u8);
        body.Write(xml);
        xml.End("s:Body"u8);
        xml.End("s:Envelope"u8);
    }

    private static void Delivery(XmlUtf8Writer xml, MessageHeaders headers)
    {
        if (headers.Identifier is { } identifier)
        {
            xml.Start("e:Identifier"u8);
            xml.Attribute("xmlns:e"u8, Namespaces.Eventing);
            xml.Text(identifier);
            xml.End("e:Identifier"u8);
        }

        if (headers.ReferenceProperties is { } properties)
        {
            xml.RawContent(System.Text.Encoding.UTF8.GetBytes(properties));
        }

        Bookmark(xml, headers.Bookmark);
        if (headers.AckRequested)
        {
            xml.Empty("w:AckRequested"u8);
        }
    }

    private static void Bookmark(XmlUtf8Writer xml, string? bookmark)
    {
        if (bookmark is not null)
        {
            xml.Start("w:Bookmark"u8);
            xml.RawContent(System.Text.Encoding.UTF8.GetBytes(bookmark));
            xml.End("w:Bookmark"u8);
        }
    }

    private static void Optional(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            xml.Element(name, value);
        }
    }

    private static void Understood(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value) => WithUnderstanding(xml, name, value, "true"u8);

    private static void NotUnderstood(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value) => WithUnderstanding(xml, name, value, "false"u8);

    private static void WithUnderstanding(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value, ReadOnlySpan<byte> mustUnderstand)
    {
        if (value is null)
        {
            return;
        }

        xml.Start(name);
        xml.Attribute("s:mustUnderstand"u8, mustUnderstand);
        xml.Text(value);
        xml.End(name);
    }

    private static void Language(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? language)
    {
        if (language is null)
        {
            return;
        }

        xml.Start(name);
        xml.Attribute("xml:lang"u8, language);
        xml.Attribute("s:mustUnderstand"u8, "false"u8);
        xml.End(name);
    }

    private static void Operation(XmlUtf8Writer xml, MessageHeaders headers, bool retry)
    {
        WithUnderstanding(xml, "p:OperationID"u8, headers.OperationId, retry ? "true"u8 : "false"u8);
        if (headers.SequenceId is { } sequence)
        {
            xml.Element("p:SequenceId"u8, sequence);
        }
    }

    private static void Fragment(XmlUtf8Writer xml, FragmentTransfer fragment)
    {
        xml.Start("w:FragmentTransfer"u8);
        xml.Attribute("s:mustUnderstand"u8, "true"u8);
        if (fragment.Dialect is not null)
        {
            xml.Attribute("Dialect"u8, fragment.Dialect);
        }

        xml.Text(fragment.Expression);
        xml.End("w:FragmentTransfer"u8);
    }
}
