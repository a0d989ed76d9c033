using System.Globalization;
using Farwire.Events;
using Farwire.Events.Records;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Source.Forwarding;

namespace Farwire.Source.Resources;

/// <summary>The collectors of this machine, and how its subscriptions there stand. A policy line that is none is there too, with the reason.</summary>
internal sealed class ForwardingResource(Func<IReadOnlyList<CollectorStanding>> standing, Func<IReadOnlyList<(string Line, string Reason)>> invalid) : IEnumerateResource
{
    // <f:Collector xmlns:f="urn:farwire:source/Forwarding">
    //   <f:Server/> <f:RefreshSeconds/>? <f:State>Connecting|Connected|Trying|Invalid</f:State> <f:LastAnswer/>? <f:NextAttempt/>? <f:LastError/>? <f:Fix/>?
    //   <f:Subscription>
    //     <f:Name/> <f:State>Starting|Active|Trying|Refused</f:State> <f:Events/> <f:LastAck/>? <f:NextAttempt/>? <f:LastError/>? <f:Fix/>? <f:Bookmark/>?
    //   </f:Subscription>*
    // </f:Collector>

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => request.Filter is not null
        ? throw FaultCatalog.EnumerationFilteringNotSupported.Fault("collectors are few; enumerate them all.")
        : ValueTask.FromResult<IEnumerationCursor>(new ListCursor<Action<XmlUtf8Writer>>(
            standing().Select<CollectorStanding, Action<XmlUtf8Writer>>(collector => xml => Write(xml, collector))
                .Concat(invalid().Select<(string Line, string Reason), Action<XmlUtf8Writer>>(line => xml => WriteInvalid(xml, line.Line, line.Reason))).ToAsyncEnumerable(),
            static (xml, write) => write(xml)));

    private static void Write(XmlUtf8Writer xml, CollectorStanding collector)
    {
        Begin(xml);
        xml.Element("f:Server"u8, collector.Policy.Server.ToString());
        xml.Element("f:RefreshSeconds"u8, ((long)collector.Policy.Refresh.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        xml.Element("f:State"u8, collector.LastError is not null ? "Trying" : collector.LastAnswer is null ? "Connecting" : "Connected");
        Time(xml, "f:LastAnswer"u8, collector.LastAnswer);
        Time(xml, "f:NextAttempt"u8, collector.NextAttempt);
        Optional(xml, "f:LastError"u8, collector.LastError);
        Optional(xml, "f:Fix"u8, collector.Fix);
        foreach (var (name, subscription) in collector.Subscriptions)
        {
            xml.Start("f:Subscription"u8);
            xml.Element("f:Name"u8, name);
            xml.Element("f:State"u8, subscription.State.ToString());
            xml.Element("f:Events"u8, subscription.Events.ToString(CultureInfo.InvariantCulture));
            Time(xml, "f:LastAck"u8, subscription.LastAck);
            Time(xml, "f:NextAttempt"u8, subscription.NextAttempt);
            Optional(xml, "f:LastError"u8, subscription.LastError);
            Optional(xml, "f:Fix"u8, subscription.Fix);
            Optional(xml, "f:Bookmark"u8, subscription.Position?.ToXml());
            xml.End("f:Subscription"u8);
        }

        xml.End("f:Collector"u8);
    }

    private static void WriteInvalid(XmlUtf8Writer xml, string line, string reason)
    {
        Begin(xml);
        xml.Element("f:Server"u8, line);
        xml.Element("f:State"u8, "Invalid");
        xml.Element("f:LastError"u8, reason);
        xml.Element("f:Fix"u8, "Correct the line in source.yaml.");
        xml.End("f:Collector"u8);
    }

    private static void Begin(XmlUtf8Writer xml)
    {
        xml.Start("f:Collector"u8);
        xml.Attribute("xmlns:f"u8, SourceUris.Forwarding);
    }

    private static void Optional(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            xml.Element(name, value);
        }
    }

    private static void Time(XmlUtf8Writer xml, ReadOnlySpan<byte> name, DateTimeOffset? time) => Optional(xml, name, time is { } when ? EventTime.Format(when.UtcDateTime) : null);
}
