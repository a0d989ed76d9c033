using System.Globalization;
using System.Xml;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>Reads <c>s:Header</c> into <see cref="MessageHeaders"/>.</summary>
/// <remarks>
/// The first header that is wrong is remembered and thrown only after all are read, so that the fault can name the message it relates to.
/// </remarks>
internal sealed class HeaderReader(BodyReader body, EnvelopeQuota quota)
{
    private const int MaxIdLength = 2048;
    private const int MaxUriLength = 2048;

    private WSManFault? _problem;

    /// <summary>The first problem found, when the headers are a request's.</summary>
    public WSManFault? Problem => _problem;

    public MessageHeaders Read()
    {
        var headers = new MessageHeaders();
        var count = 0;
        body.Enter();
        while (body.NextChild())
        {
            if (++count > quota.MaxHeaders)
            {
                throw FaultCatalog.InvalidHeader.Fault($"a message carries at most {quota.MaxHeaders} headers.");
            }

            try
            {
                headers = ReadOne(headers);
            }
            catch (WSManFaultException e)
            {
                _problem ??= e.Fault;
                // The reader may stand anywhere inside the header: nothing after it can be trusted.
                throw new WSManFaultException(e.Fault, headers.MessageId);
            }
        }

        return headers;
    }

    private MessageHeaders ReadOne(MessageHeaders headers)
    {
        var name = body.LocalName;
        switch (body.NamespaceUri)
        {
            case Namespaces.Addressing:
                switch (name)
                {
                    case "To": return headers with { To = Uri(body.ReadText(), "a:To") };
                    case "Action": return headers with { Action = Uri(Once(headers.Action, "a:Action"), "a:Action") };
                    case "MessageID": return headers with { MessageId = Bounded(Once(headers.MessageId, "a:MessageID"), "a:MessageID") };
                    case "RelatesTo": return headers with { RelatesTo = body.ReadText() };
                    case "ReplyTo": return headers with { ReplyTo = EndpointReference.Read(body).Address };
                    case "FaultTo": return headers with { FaultTo = EndpointReference.Read(body).Address };
                    case "From": return Skipped(headers);
                }

                break;
            case Namespaces.WSMan:
                switch (name)
                {
                    case "ResourceURI": return headers with { ResourceUri = Uri(Once(headers.ResourceUri, "w:ResourceURI"), "w:ResourceURI") };
                    case "SelectorSet": return headers with { Selectors = SelectorSet.Read(body) };
                    case "OptionSet": return headers with { Options = OptionSet.Read(body) };
                    case "MaxEnvelopeSize": return headers with { MaxEnvelopeSize = ReadMaxEnvelopeSize() };
                    case "OperationTimeout": return headers with { OperationTimeout = ReadTimeout() };
                    case "Locale": return headers with { Locale = ReadLocale() };
                    case "FragmentTransfer": return headers with { FragmentTransfer = ReadFragmentTransfer() };
                    case "RequestEPR": body.Skip(); return headers with { RequestEpr = true };
                    case "RequestTotalItemsCountEstimate": body.Skip(); return headers with { RequestTotalItemsCountEstimate = true };
                    case "TotalItemsCountEstimate": return headers with { TotalItemsCountEstimate = ReadNumber() };
                    case "Bookmark": return headers with { Bookmark = ReadBookmark() };
                    case "AckRequested": body.Skip(); return headers with { AckRequested = true };
                }

                break;
            case Namespaces.Microsoft:
                if (name.Equals("SequenceId", StringComparison.OrdinalIgnoreCase)) // the specification's text and its examples differ in case
                {
                    return headers with { SequenceId = ReadNumber() };
                }

                switch (name)
                {
                    case "DataLocale": return headers with { DataLocale = ReadLocale() };
                    case "SessionId": return headers with { SessionId = Bounded(body.ReadText(), "p:SessionId") };
                    case "OperationID":
                        var retry = MustUnderstand();
                        return headers with { OperationId = Bounded(body.ReadText(), "p:OperationID"), OperationIdIsRetry = retry };
                    case "ActivityId": return headers with { ActivityId = Bounded(body.ReadText(), "p:ActivityId") };
                }

                break;
            case Namespaces.Eventing when name == "Identifier":
                return headers with { Identifier = body.ReadText() };
            case Namespaces.Shell when name == "CompressionType":
                return headers with { CompressionType = body.ReadText() };
            case Namespaces.MachineId when name == "MachineID":
                return headers with { MachineId = body.ReadText() };
        }

        if (MustUnderstand())
        {
            _problem ??= FaultCatalog.MustUnderstand.Fault($"the header '{name}' in '{body.NamespaceUri}' is not understood.").Fault
                with { NotUnderstood = new XmlQualifiedName(name, body.NamespaceUri) };
        }

        return Skipped(headers);
    }

    // Several clients write mustUnderstand without a namespace or in WS-Addressing's: that is not SOAP's, and means nothing.
    private bool MustUnderstand() => body.Attribute("mustUnderstand", Namespaces.Soap) is { } value && value.Trim() is "true" or "1";

    private MessageHeaders Skipped(MessageHeaders headers)
    {
        body.Skip();
        return headers;
    }

    private string? ReadLocale()
    {
        var language = body.Attribute("lang", Namespaces.Xml);
        if (MustUnderstand() && !FaultLanguages.IsServed(language))
        {
            _problem ??= FaultCatalog.UnsupportedLocale.Fault($"the language '{language}' is not served; ask for it with mustUnderstand=false.").Fault;
        }

        body.Skip();
        return language;
    }

    private FragmentTransfer ReadFragmentTransfer()
    {
        if (!MustUnderstand())
        {
            _problem ??= FaultCatalog.InvalidHeader.Fault("w:FragmentTransfer needs s:mustUnderstand=\"true\".").Fault;
        }

        var dialect = body.Attribute("Dialect");
        return new FragmentTransfer(body.ReadText(), dialect);
    }

    // Opaque: what stands inside is kept with the namespaces it needs, and goes back as it came.
    private string ReadBookmark() => body.ReadInnerXml();

    private long? ReadMaxEnvelopeSize()
    {
        var text = body.ReadText();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return size;
        }

        _problem ??= FaultCatalog.InvalidHeader.Fault($"w:MaxEnvelopeSize is a number of bytes, not '{text}'.").Fault;
        return null;
    }

    private TimeSpan? ReadTimeout()
    {
        var text = body.ReadText();
        if (XmlDuration.TryParse(text, out var timeout) && timeout > TimeSpan.Zero)
        {
            return timeout;
        }

        _problem ??= FaultCatalog.InvalidHeader.Fault($"w:OperationTimeout is a positive duration such as PT60S, not '{text}'.").Fault;
        return null;
    }

    private long? ReadNumber()
    {
        var text = body.ReadText();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // Of two, whoever looks at the message before the service may have seen the other one.
    private string Once(string? earlier, string header)
    {
        if (earlier is not null)
        {
            _problem ??= FaultCatalog.InvalidHeader.Fault($"{header} is given twice.").Fault;
        }

        return body.ReadText();
    }

    private string Uri(string uri, string header)
    {
        if (uri.Length > MaxUriLength)
        {
            _problem ??= FaultCatalog.UriLimit.Fault($"{header} is longer than {MaxUriLength} characters.").Fault;
            return uri[..MaxUriLength];
        }

        return uri;
    }

    private string Bounded(string id, string header)
    {
        if (id.Length > MaxIdLength)
        {
            _problem ??= FaultCatalog.InvalidHeader.Fault($"{header} is longer than {MaxIdLength} characters.").Fault;
            return id[..MaxIdLength];
        }

        return id;
    }
}
