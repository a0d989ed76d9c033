using System.Text;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Identify;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Tests.Recorded;

/// <summary>Reads a recorded body with the type that the product reads it with; what a resource brings stays XML.</summary>
internal static class TypedBody
{
    public static IBody Request(BodyReader body) => !body.HasElement ? EmptyBody.Instance : (body.NamespaceUri, body.LocalName) switch
    {
        (Namespaces.Identity, "Identify") => Identify.Identify.Read(body),
        (Namespaces.Enumeration, "Enumerate") => Enumerate.Read(body),
        (Namespaces.Enumeration, "Pull") => Pull.Read(body),
        (Namespaces.Enumeration, "Release") => Release.Read(body),
        (Namespaces.Shell, "Shell") => CreateShell.Read(body),
        (Namespaces.Shell, "CommandLine") => CommandLine.Read(body),
        (Namespaces.Shell, "Receive") => Receive.Read(body),
        (Namespaces.Shell, "Send") => Send.Read(body),
        (Namespaces.Shell, "Signal") => Signal.Read(body),
        _ => Opaque(body),
    };

    public static IBody Response(ReceivedReply reply)
    {
        var body = reply.Body;
        return reply.Fault is { } fault ? fault : !body.HasElement ? EmptyBody.Instance : (body.NamespaceUri, body.LocalName) switch
        {
            (_, "IdentifyResponse") => IdentifyResponse.Read(body),
            (Namespaces.Transfer, "ResourceCreated") => Created(body),
            (Namespaces.Enumeration, "EnumerateResponse") => Opened(body),
            (Namespaces.Enumeration, "PullResponse") => Pulled(body),
            (Namespaces.Shell, "CommandResponse") => CommandResponse.Read(body),
            (Namespaces.Shell, "ReceiveResponse") => ReceiveResponse.Read(body),
            _ => Opaque(body),
        };
    }

    private static ResourceCreated Created(BodyReader body)
    {
        var created = ResourceCreated.Read(body);
        return body.HasElement ? created with { Sibling = ShellInstance.Read(body) } : created;
    }

    private static EnumerateResponse Opened(BodyReader body)
    {
        var (batch, items) = Batch(body);
        return new EnumerateResponse { Context = batch.Context ?? "", Items = items, EndOfSequence = batch.EndOfSequence };
    }

    private static PullResponse Pulled(BodyReader body)
    {
        var (batch, items) = Batch(body);
        return new PullResponse { Context = batch.Context, Items = items, EndOfSequence = batch.EndOfSequence };
    }

    private static (EnumerationBatch Batch, byte[] Items) Batch(BodyReader body)
    {
        var items = new StringBuilder();
        var batch = EnumerationBatch.Read(body, item => items.Append(item.ReadOuterXml()));
        return (batch, Encoding.UTF8.GetBytes(items.ToString()));
    }

    private static XmlBody Opaque(BodyReader body)
    {
        var xml = "";
        while (body.HasElement)
        {
            xml += body.ReadOuterXml();
        }

        return new XmlBody(Encoding.UTF8.GetBytes(xml));
    }
}
