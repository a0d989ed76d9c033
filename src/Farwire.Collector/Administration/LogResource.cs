using System.Text;
using System.Xml.Linq;
using Farwire.Events;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Collector.Administration;

/// <summary>The log that events go to: whether it is on, and what is in it.</summary>
internal sealed class LogResource(EventCollector collector) : IGetResource, IPutResource
{
    private static readonly XNamespace Ns = CollectorUris.Log;

    // <f:Log xmlns:f="urn:farwire:collector/Log"> <f:Name/> <f:Enabled/> <f:Events/> <f:Bytes/> </f:Log>

    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult<IBody>(new XmlBody(Encoding.UTF8.GetBytes(new XElement(
        Ns + "Log",
        new XAttribute(XNamespace.Xmlns + "f", Ns),
        new XElement(Ns + "Name", ForwardedEventsLog.Name),
        new XElement(Ns + "Enabled", collector.EventLog.IsEnabled),
        new XElement(Ns + "Events", collector.Store.Events),
        new XElement(Ns + "Bytes", collector.Store.Bytes)).ToString(SaveOptions.DisableFormatting))));

    public ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        representation.Enter("Log", CollectorUris.Log);
        while (representation.NextChild())
        {
            if (representation.Is("Enabled", CollectorUris.Log))
            {
                var text = representation.ReadText();
                collector.EventLog.IsEnabled = bool.TryParse(text, out var enabled) ? enabled : throw FaultCatalog.InvalidXmlValues.Fault($"Enabled is true or false, not '{text}'.");
            }
            else
            {
                representation.Skip(); // what is counted cannot be set, and comes along when somebody read it before
            }
        }

        return GetAsync(context);
    }
}
