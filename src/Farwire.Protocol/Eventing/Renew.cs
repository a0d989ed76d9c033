using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>Lengthens a subscription's life; the header <c>e:Identifier</c> says which.</summary>
/// <param name="Expires">How long from now; null leaves it to the source.</param>
/// <remarks>WS-Eventing, "Renew". The answer has the same form.</remarks>
public sealed record Renew(TimeSpan? Expires) : IBody<Renew>
{
    /// <summary>It is the answer.</summary>
    public bool IsResponse { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Eventing;

    // <e:Renew> <e:Expires/>? </e:Renew>    <e:RenewResponse> <e:Expires/> </e:RenewResponse>

    /// <inheritdoc/>
    public static Renew Read(BodyReader body)
    {
        var renew = new Renew((TimeSpan?)null) { IsResponse = body.HasElement && body.LocalName == "RenewResponse" };
        body.Enter(renew.IsResponse ? "RenewResponse" : "Renew", Namespaces.Eventing);
        while (body.NextChild())
        {
            if (body.Is("Expires", Namespaces.Eventing))
            {
                renew = renew with { Expires = Subscribe.ReadExpires(body) };
            }
            else
            {
                body.Skip();
            }
        }

        return renew;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        var name = IsResponse ? "e:RenewResponse"u8 : "e:Renew"u8;
        xml.Start(name);
        if (Expires is { } expires)
        {
            xml.Element("e:Expires"u8, XmlDuration.Format(expires));
        }

        xml.End(name);
    }
}
