using System.Globalization;
using System.Xml.Linq;
using Farwire.Collector.Administration;
using Farwire.Events.Records;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Ec;

/// <summary>From what the collector tells of sources to the values that programs ask for.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_RUNTIME_STATUS_INFO_ID".</remarks>
internal static class EcRunTimeStatus
{
    public static string NameOf(XElement source) => Text(source, "Name") ?? "";

    public static EcVariant Of(SubscriptionDefinition subscription, IReadOnlyList<XElement> sources, EcStatusId status) => status switch
    {
        EcStatusId.Active => EcVariant.Of((uint)RuntimeStatus.Of(subscription, TimeProvider.System.GetUtcNow())),
        EcStatusId.LastError => EcVariant.Of(0u),
        EcStatusId.EventSources => EcVariant.Of([.. sources.Select(NameOf)]),
        EcStatusId.LastErrorMessage or EcStatusId.LastErrorTime or EcStatusId.NextRetryTime or EcStatusId.LastHeartbeatTime => EcVariant.Null,
        _ => throw Unknown(status),
    };

    public static EcVariant Of(XElement source, EcStatusId status) => status switch
    {
        EcStatusId.Active => EcVariant.Of((uint)Enum.Parse<ActiveStatus>(Text(source, "RunTimeStatus")!)),
        EcStatusId.LastError => EcVariant.Of(uint.Parse(Text(source, "LastError") ?? "0", CultureInfo.InvariantCulture)),
        EcStatusId.LastErrorMessage => EcVariant.Of(Text(source, "ErrorMessage")),
        EcStatusId.LastErrorTime => Time(source, "ErrorTime"),
        EcStatusId.NextRetryTime => Time(source, "NextRetryTime"),
        EcStatusId.EventSources => EcVariant.Of([NameOf(source)]),
        EcStatusId.LastHeartbeatTime => Time(source, "LastHeartbeatTime"),
        _ => throw Unknown(status),
    };

    private static string? Text(XElement source, string name) => source.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static EcVariant Time(XElement source, string name) => EcVariant.Of(Text(source, name) is { } text && EventTime.TryParse(text, out var time) ? time : (DateTime?)null);

    private static EcException Unknown(EcStatusId status) => new(EcException.InvalidParameter, $"{(int)status} is no status.");
}
