using System.Globalization;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Robust;

/// <summary>Says up to which message of an operation the other side was heard; those need not be kept any longer, nor sent again.</summary>
/// <param name="LastSequenceIdReceived">The <c>p:SequenceId</c> of the last one.</param>
/// <remarks>MS-WSMV, "Robust Connection Support".</remarks>
public sealed record Acknowledge(long LastSequenceIdReceived) : IBody<Acknowledge>
{
    // <p:LastSequenceIdReceived/>

    /// <inheritdoc/>
    public static Acknowledge Read(BodyReader body)
    {
        if (!body.HasElement || !body.Is("LastSequenceIdReceived", Namespaces.Microsoft)
            || !long.TryParse(body.ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            throw FaultCatalog.SchemaValidationError.Fault("an acknowledgement is p:LastSequenceIdReceived with a number.");
        }

        return new Acknowledge(last);
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml) => xml.Element("p:LastSequenceIdReceived"u8, LastSequenceIdReceived);
}
