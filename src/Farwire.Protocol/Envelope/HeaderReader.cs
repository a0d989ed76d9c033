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

    private readonly HeaderFields _headers = new();
    private WSManFault? _problem;

    /// <summary>The first problem found, when the headers are a request's.</summary>
    public WSManFault? Problem => _problem;

    public MessageHeaders Read()
    {
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
                ReadOne();
            }
            catch (WSManFaultException e)
            {
                _problem ??= e.Fault;
                // The reader may stand anywhere inside the header: nothing after it can be trusted.
                throw new WSManFaultException(e.Fault, _headers.MessageId);
            }
        }

        return _headers.ToHeaders();
    }

    private void ReadOne()
    {
        var name = body.LocalName;
        switch (body.NamespaceUri)
        {
            case Namespaces.Addressing:
                switch (name)
                {
                    case "To": _headers.To = Uri(body.ReadText(), "a:To"); return;
                    case "Action": _headers.Action = Uri(Once(_headers.Action, "a:Action"), "a:Action"); return;
                    case "MessageID": _headers.MessageId = Bounded(Once(_headers.MessageId, "a:MessageID"), "a:MessageID"); return;
                    case "RelatesTo": _headers.RelatesTo = body.ReadText(); return;
                    case "ReplyTo": _headers.ReplyTo = EndpointReference.Read(body).Address; return;
                    case "FaultTo": _headers.FaultTo = EndpointReference.Read(body).Address; return;
                    case "From": body.Skip(); return;
                }

                break;
            case Namespaces.WSMan:
                switch (name)
                {
                    case "ResourceURI": _headers.ResourceUri = Uri(Once(_headers.ResourceUri, "w:ResourceURI"), "w:ResourceURI"); return;
                    case "SelectorSet": _headers.Selectors = SelectorSet.Read(body); return;
                    case "OptionSet": _headers.Options = OptionSet.Read(body); return;
                    case "MaxEnvelopeSize": _headers.MaxEnvelopeSize = ReadMaxEnvelopeSize(); return;
                    case "OperationTimeout": _headers.OperationTimeout = ReadTimeout(); return;
                    case "Locale": _headers.Locale = ReadLocale(); return;
                    case "FragmentTransfer": _headers.FragmentTransfer = ReadFragmentTransfer(); return;
                    case "RequestEPR": body.Skip(); _headers.RequestEpr = true; return;
                    case "RequestTotalItemsCountEstimate": body.Skip(); _headers.RequestTotalItemsCountEstimate = true; return;
                    case "TotalItemsCountEstimate": _headers.TotalItemsCountEstimate = ReadNumber(); return;
                    case "Bookmark": _headers.Bookmark = ReadBookmark(); return;
                    case "AckRequested": body.Skip(); _headers.AckRequested = true; return;
                }

                break;
            case Namespaces.Microsoft:
                if (name.Equals("SequenceId", StringComparison.OrdinalIgnoreCase)) // the specification's text and its examples differ in case
                {
                    _headers.SequenceId = ReadNumber();
                return;
                }

                switch (name)
                {
                    case "DataLocale": _headers.DataLocale = ReadLocale(); return;
                    case "SessionId": _headers.SessionId = Bounded(body.ReadText(), "p:SessionId"); return;
                    case "OperationID":
                        _headers.OperationIdIsRetry = MustUnderstand();
                        _headers.OperationId = Bounded(body.ReadText(), "p:OperationID");
                        return;
                    case "ActivityId": _headers.ActivityId = Bounded(body.ReadText(), "p:ActivityId"); return;
                }

                break;
            case Namespaces.Eventing when name == "Identifier":
                _headers.Identifier = body.ReadText();
                return;
            case Namespaces.Shell when name == "CompressionType":
                _headers.CompressionType = body.ReadText();
                return;
            case Namespaces.MachineId when name == "MachineID":
                _headers.MachineId = body.ReadText();
                return;
        }

        if (MustUnderstand())
        {
            _problem ??= FaultCatalog.MustUnderstand.Fault($"the header '{name}' in '{body.NamespaceUri}' is not understood.").Fault
                with { NotUnderstood = new XmlQualifiedName(name, body.NamespaceUri) };
        }

        body.Skip();
    }

    // Several clients write mustUnderstand without a namespace or in WS-Addressing's: that is not SOAP's, and means nothing.
    private bool MustUnderstand() => body.Attribute("mustUnderstand", Namespaces.Soap) is { } value && value.Trim() is "true" or "1";

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
