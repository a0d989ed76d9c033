using System.Globalization;
using System.Xml;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Faults;

/// <summary>A refusal or failure as WS-Management tells it.</summary>
/// <remarks>SOAP 1.2 Part 1, "SOAP Fault"; DSP0226, "Fault encoding"; MS-WSMV, "WSManFault".</remarks>
public sealed record WSManFault : IBody
{
    private const string DetailRoot = "http://schemas.dmtf.org/wbem/wsman/1/wsman/";

    /// <summary>Who is at fault: <c>s:Sender</c>, <c>s:Receiver</c>, <c>s:MustUnderstand</c> or <c>s:VersionMismatch</c>.</summary>
    public required string SoapCode { get; init; }

    /// <summary>The kind of fault, with the prefix Windows writes, such as <c>w:InvalidSelectors</c>: clients compare the literal text.</summary>
    public string? Subcode { get; init; }

    /// <summary>The URI of the group that the subcode belongs to.</summary>
    public required string Action { get; init; }

    /// <summary>The URI in <c>w:FaultDetail</c>, or null.</summary>
    public string? FaultDetail { get; init; }

    /// <summary>The Windows error code; 0 when the sender gave none.</summary>
    public uint Code { get; init; }

    /// <summary>The sentence for people, in <see cref="Language"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What is particular about this case; follows <see cref="Reason"/>.</summary>
    public string? Particular { get; init; }

    /// <summary>What <c>f:Message</c> says where it says something else than <see cref="Reason"/>; it is nearer to the case then.</summary>
    public string? Explanation { get; init; }

    /// <summary>The language of <see cref="Reason"/>.</summary>
    public string Language { get; init; } = "en-US";

    /// <summary>The host that failed, as the client named it; may be empty.</summary>
    public string Machine { get; init; } = "";

    /// <summary>What the part behind the resource said.</summary>
    public ProviderFault? Provider { get; init; }

    /// <summary>A detail element of another kind, such as <c>MSFT_WmiError</c>, as XML.</summary>
    public string? OtherDetail { get; init; }

    /// <summary>The header that was not understood.</summary>
    public XmlQualifiedName? NotUnderstood { get; init; }

    /// <summary>The catalogue's row behind this fault, when the service made it.</summary>
    internal FaultEntry? Entry { get; init; }

    /// <summary>Everything there is to say to a person.</summary>
    public string Message
    {
        get
        {
            var own = Explanation ?? OwnText;
            return own.Length > 0 ? own : Provider?.Text ?? Provider?.Inner?.Message ?? "";
        }
    }

    private string OwnText => Particular is null ? Reason : Reason.Length == 0 ? Particular : $"{Reason} {Particular}";

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Transfer | BodyPrefixes.Enumeration | BodyPrefixes.Eventing
        | (Subcode is not null && Subcode.StartsWith("b:", StringComparison.Ordinal) ? BodyPrefixes.CimBinding : BodyPrefixes.None);

    /// <summary>The same fault told in the language nearest to <paramref name="requested"/>.</summary>
    public WSManFault In(string? requested)
    {
        var language = FaultLanguages.Choose(requested);
        return Entry is null || language == Language ? this : this with { Reason = Entry.Text(language), Language = language };
    }

    // <s:Fault>
    //   <s:Code> <s:Value/> <s:Subcode><s:Value/></s:Subcode>? </s:Code>
    //   <s:Reason><s:Text xml:lang=""/></s:Reason>
    //   <s:Detail>
    //     <w:FaultDetail/>?
    //     <f:WSManFault Code="" Machine=""><f:Message>text | <f:ProviderFault/></f:Message></f:WSManFault>?
    //   </s:Detail>?
    // </s:Fault>

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("s:Fault"u8);
        xml.Start("s:Code"u8);
        xml.Element("s:Value"u8, SoapCode);
        if (Subcode is not null)
        {
            xml.Start("s:Subcode"u8);
            xml.Element("s:Value"u8, Subcode);
            xml.End("s:Subcode"u8);
        }

        xml.End("s:Code"u8);
        xml.Start("s:Reason"u8);
        xml.Start("s:Text"u8);
        xml.Attribute("xml:lang"u8, Language);
        xml.Text(OwnText);
        xml.End("s:Text"u8);
        xml.End("s:Reason"u8);
        if (FaultDetail is not null || Code != 0 || OtherDetail is not null)
        {
            xml.Start("s:Detail"u8);
            if (FaultDetail is not null)
            {
                xml.Element("w:FaultDetail"u8, FaultDetail);
            }

            if (OtherDetail is not null)
            {
                xml.RawContent(System.Text.Encoding.UTF8.GetBytes(OtherDetail));
            }
            else if (Code != 0)
            {
                WriteWSManFault(xml);
            }

            xml.End("s:Detail"u8);
        }

        xml.End("s:Fault"u8);
    }

    /// <summary>Writes <c>f:WSManFault</c> alone: what scripts and command lines show of a fault.</summary>
    public void WriteWSManFault(XmlUtf8Writer xml)
    {
        xml.Start("f:WSManFault"u8);
        xml.Attribute("xmlns:f"u8, Namespaces.Fault);
        xml.Attribute("Code"u8, Code.ToString(CultureInfo.InvariantCulture));
        xml.Attribute("Machine"u8, Machine);
        xml.Start("f:Message"u8);
        if (Provider is { } provider)
        {
            xml.Start("f:ProviderFault"u8);
            xml.Attribute("provider"u8, provider.Provider);
            xml.Attribute("path"u8, provider.Path);
            xml.Text(provider.Text ?? "");
            provider.Inner?.WriteWSManFault(xml);
            if (provider.ExtendedError is not null)
            {
                xml.Start("f:ExtendedError"u8);
                xml.RawContent(System.Text.Encoding.UTF8.GetBytes(provider.ExtendedError));
                xml.End("f:ExtendedError"u8);
            }

            xml.End("f:ProviderFault"u8);
        }
        else
        {
            xml.Text(Message);
        }

        xml.End("f:Message"u8);
        xml.End("f:WSManFault"u8);
    }

    /// <summary>Reads the <c>s:Fault</c> at which <paramref name="body"/> stands; everything but the SOAP code may be missing.</summary>
    public static WSManFault Read(BodyReader body)
    {
        var fault = new WSManFault { SoapCode = "s:Receiver", Action = Actions.WSManFault, Language = "" };
        body.Enter();
        while (body.NextChild())
        {
            fault = body.NamespaceUri != Namespaces.Soap ? Skip(body, fault) : body.LocalName switch
            {
                "Code" => ReadCode(body, fault),
                "Reason" => ReadReason(body, fault),
                "Detail" => ReadDetail(body, fault),
                _ => Skip(body, fault),
            };
        }

        return fault;
    }

    private static WSManFault Skip(BodyReader body, WSManFault fault)
    {
        body.Skip();
        return fault;
    }

    private static WSManFault ReadCode(BodyReader body, WSManFault fault)
    {
        body.Enter();
        while (body.NextChild())
        {
            if (body.Is("Value", Namespaces.Soap))
            {
                fault = fault with { SoapCode = body.ReadText() };
            }
            else if (body.Is("Subcode", Namespaces.Soap))
            {
                body.Enter();
                while (body.NextChild())
                {
                    if (body.Is("Value", Namespaces.Soap))
                    {
                        fault = fault with { Subcode = body.ReadText() };
                    }
                    else
                    {
                        body.Skip();
                    }
                }
            }
            else
            {
                body.Skip();
            }
        }

        return fault;
    }

    private static WSManFault ReadReason(BodyReader body, WSManFault fault)
    {
        body.Enter();
        while (body.NextChild())
        {
            if (body.Is("Text", Namespaces.Soap))
            {
                var language = body.Attribute("lang", Namespaces.Xml) ?? "";
                fault = fault with { Reason = body.ReadText(), Language = language };
            }
            else
            {
                body.Skip();
            }
        }

        return fault;
    }

    private static WSManFault ReadDetail(BodyReader body, WSManFault fault)
    {
        body.Enter();
        while (body.NextChild())
        {
            if (body.Is("FaultDetail", Namespaces.WSMan))
            {
                fault = fault with { FaultDetail = body.ReadText() };
            }
            else if (body.Is("WSManFault", Namespaces.Fault))
            {
                fault = ReadWSManFault(body, fault);
            }
            else
            {
                fault = fault with { OtherDetail = body.ReadOuterXml() };
            }
        }

        return fault;
    }

    /// <summary>Reads an <c>f:WSManFault</c> that stands alone.</summary>
    internal static WSManFault ReadWSManFault(BodyReader body) =>
        ReadWSManFault(body, new WSManFault { SoapCode = "s:Receiver", Action = Actions.WSManFault, Language = "" });

    private static WSManFault ReadWSManFault(BodyReader body, WSManFault fault)
    {
        _ = uint.TryParse(body.Attribute("Code"), NumberStyles.None, CultureInfo.InvariantCulture, out var code);
        fault = fault with { Code = code, Machine = body.Attribute("Machine") ?? "" };
        body.Enter();
        while (body.NextChild())
        {
            if (!body.Is("Message", Namespaces.Fault))
            {
                body.Skip();
                continue;
            }

            ProviderFault? provider = null;
            var text = body.ReadTextOr("ProviderFault", Namespaces.Fault, () => provider = ReadProviderFault(body));
            fault = fault with { Provider = provider, Explanation = text.Length > 0 && text != fault.Reason ? text : null };
        }

        return fault;
    }

    private static ProviderFault ReadProviderFault(BodyReader body)
    {
        var provider = new ProviderFault(body.Attribute("provider") ?? "", body.Attribute("path") ?? "");
        WSManFault? inner = null;
        string? extended = null;
        var text = body.ReadMixed(() =>
        {
            if (body.Is("WSManFault", Namespaces.Fault))
            {
                inner = ReadWSManFault(body, new WSManFault { SoapCode = "s:Receiver", Action = Actions.WSManFault, Language = "" });
            }
            else if (body.Is("ExtendedError", Namespaces.Fault))
            {
                body.Enter();
                while (body.NextChild())
                {
                    extended += body.ReadOuterXml();
                }
            }
            else
            {
                body.Skip();
            }
        });
        return provider with { Text = text.Length > 0 ? text : null, Inner = inner, ExtendedError = extended };
    }

    /// <summary>The full URI of a fault detail, given the part after <c>wsman/</c>.</summary>
    internal static string DetailUri(string name) => DetailRoot + name;
}
