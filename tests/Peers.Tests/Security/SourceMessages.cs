using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Security;

/// <summary>What a source of events says: it asks for its subscriptions, and delivers for one.</summary>
internal static partial class SourceMessages
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";

    public static string Ask(string address) => Soap.Envelope(
        $"<a:To>{address}/SubscriptionManager/WEC</a:To><w:ResourceURI s:mustUnderstand=\"true\">{Soap.Microsoft}/SubscriptionManager/Subscription</w:ResourceURI><a:Action s:mustUnderstand=\"true\">{Soap.Enumeration}/Enumerate</a:Action>"
        + "<a:MessageID>uuid:1</a:MessageID><w:MaxEnvelopeSize s:mustUnderstand=\"true\">512000</w:MaxEnvelopeSize>",
        "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>");

    /// <summary>The subscriptions of an answer: names, and where to deliver.</summary>
    public static IReadOnlyDictionary<string, string> Read(string answer) => Subscriptions().Matches(answer).ToDictionary(m => Name().Match(m.Value).Groups[1].Value, m => Address().Match(m.Value).Groups[1].Value);

    public static string Deliver(string to, int record) => Soap.Envelope(
        $"<a:To>{to}</a:To><a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand=\"true\">http://schemas.dmtf.org/wbem/wsman/1/wsman/Events</a:Action>"
        + $"<a:MessageID>uuid:2</a:MessageID><e:Identifier xmlns:e=\"{Eventing}\">{to[(to.LastIndexOf('/') + 1)..]}</e:Identifier><w:AckRequested/>",
        "<w:Events><w:Event Action=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/Event\"><![CDATA[<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>7</EventID>"
        + $"<TimeCreated SystemTime='2026-01-10T09:00:00.0000000Z'/><EventRecordID>{record}</EventRecordID><Channel>Security</Channel><Computer>box1</Computer></System></Event>]]></w:Event></w:Events>");

    /// <summary>A subscription for whom <paramref name="rules"/> say.</summary>
    public static string Subscription(string name, string rules) =>
        $"<Subscription xmlns=\"http://schemas.microsoft.com/2006/03/windows/events/subscription\"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>SourceInitiated</SubscriptionType>"
        + $"<Query><![CDATA[<QueryList><Query Id=\"0\"><Select Path=\"Security\">*</Select></Query></QueryList>]]></Query>{rules}</Subscription>";

    [GeneratedRegex("<m:Subscription .*?</m:Subscription>", RegexOptions.Singleline)]
    private static partial Regex Subscriptions();

    [GeneratedRegex("Name=\"SubscriptionName\"[^>]*>([^<]+)<")]
    private static partial Regex Name();

    [GeneratedRegex("<e:NotifyTo><a:Address>([^<]+)<")]
    private static partial Regex Address();
}
