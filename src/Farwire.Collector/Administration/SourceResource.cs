using System.Globalization;
using Farwire.Collector.Store;
using Farwire.Events;
using Farwire.Events.Records;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Collector.Administration;

/// <summary>The sources of every subscription and how they fare.</summary>
internal sealed class SourceResource(EventCollector collector) : IEnumerateResource, IDeleteResource
{
    // <f:Source xmlns:f="urn:farwire:collector/Source">
    //   <f:SubscriptionId/> <f:Name/> <f:RunTimeStatus/> <f:MachineId/>? <f:Address/>? <f:Events/> <f:Duplicates/> <f:Dropped/> <f:Broken/> <f:MissingRecords/> <f:ClearedLogs/> <f:StrangeEvents/>
    //   <f:LastError/> <f:ErrorMessage/>? <f:ErrorTime/>? <f:NextRetryTime/>? <f:LastHeartbeatTime/>? <f:LastEventTime/>? <f:LastDeliveryTime/>?
    //   <f:LastSeenTime/>? <f:LagSeconds/>? <f:Bookmark/>?
    // </f:Source>

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        if (request.Filter is not null)
        {
            throw FaultCatalog.EnumerationFilteringNotSupported.Fault("use the option SubscriptionId.");
        }

        var wanted = context.Options["SubscriptionId"];
        if (wanted is not null && collector.Subscriptions.Find(wanted) is null)
        {
            throw FaultCatalog.FileNotFound.Fault($"there is no subscription '{wanted}'.");
        }

        return ValueTask.FromResult<IEnumerationCursor>(new ListCursor<SourceStatus>(
            collector.Sources.Where(source => wanted is null || source.State.Subscription.Equals(wanted, StringComparison.OrdinalIgnoreCase)).ToAsyncEnumerable(), Write));
    }

    public async ValueTask DeleteAsync(OperationContext context) =>
        await collector.Store.ForgetAsync(context.RequireSelector("Name"), context.RequireSelector("SubscriptionId")).ConfigureAwait(false);

    private static void Write(XmlUtf8Writer xml, SourceStatus source)
    {
        var (state, status) = source;
        xml.Start("f:Source"u8);
        xml.Attribute("xmlns:f"u8, CollectorUris.Source);
        xml.Element("f:SubscriptionId"u8, state.Subscription);
        xml.Element("f:Name"u8, state.Source);
        xml.Element("f:RunTimeStatus"u8, status.ToString());
        Optional(xml, "f:MachineId"u8, state.MachineId);
        Optional(xml, "f:Address"u8, state.Address);
        xml.Element("f:Events"u8, state.Events);
        xml.Element("f:Duplicates"u8, state.Duplicates);
        xml.Element("f:Dropped"u8, state.Dropped);
        xml.Element("f:Broken"u8, state.Broken);
        xml.Element("f:MissingRecords"u8, state.MissingRecords);
        xml.Element("f:ClearedLogs"u8, state.ClearedLogs);
        xml.Element("f:StrangeEvents"u8, state.StrangeEvents);
        xml.Element("f:LastError"u8, state.LastErrorCode);
        Optional(xml, "f:ErrorMessage"u8, state.LastError);
        Time(xml, "f:ErrorTime"u8, state.LastErrorTime);
        Time(xml, "f:NextRetryTime"u8, state.NextRetry);
        Time(xml, "f:LastHeartbeatTime"u8, state.LastHeartbeat);
        Time(xml, "f:LastEventTime"u8, state.LastEventTime);
        Time(xml, "f:LastDeliveryTime"u8, state.LastDelivery);
        Time(xml, "f:LastSeenTime"u8, state.LastSeen);
        Optional(xml, "f:LagSeconds"u8, state.Lag?.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
        Optional(xml, "f:Bookmark"u8, state.Bookmark);
        xml.End("f:Source"u8);
    }

    private static void Optional(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            xml.Element(name, value);
        }
    }

    private static void Time(XmlUtf8Writer xml, ReadOnlySpan<byte> name, DateTime? utc) => Optional(xml, name, utc is { } time ? EventTime.Format(time) : null);
}
