using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>A source that asks a collector for its subscriptions and sends events, as the recorded messages of Windows do, with user and password.</summary>
internal sealed class EventSender : IDisposable
{
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wsman/1/wsman/";

    private readonly HttpClient _client = new();
    private readonly string _service;

    /// <param name="service">The collector's service, such as <c>http://127.0.0.1:5985/wsman</c>.</param>
    /// <param name="user">The user.</param>
    /// <param name="password">Its password.</param>
    public EventSender(string service, string user, string password)
    {
        _service = service;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    /// <summary>A subscription that this source may send for.</summary>
    public static string Subscription(string name, string user, string more = "") =>
        $"<Subscription xmlns=\"http://schemas.microsoft.com/2006/03/windows/events/subscription\"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>SourceInitiated</SubscriptionType>"
        + $"<Query><![CDATA[<QueryList><Query Id=\"0\"><Select Path=\"Security\">*</Select></Query></QueryList>]]></Query>{more}"
        + $"<AllowedPrincipals xmlns=\"urn:farwire:subscription\"><Principal>{user}</Principal></AllowedPrincipals></Subscription>";

    public static string Event(int record, string text) => SourceDouble.Event(record, text);

    /// <summary>The subscription as the collector hands it out; null when it does not.</summary>
    public async Task<string?> SubscribeAsync(string name)
    {
        var manager = _service + "/SubscriptionManager/WEC";
        var (status, body) = await SendAsync(manager, Message(
            $"<a:To>{manager}</a:To><w:ResourceURI s:mustUnderstand=\"true\">http://schemas.microsoft.com/wbem/wsman/1/SubscriptionManager/Subscription</w:ResourceURI><a:Action s:mustUnderstand=\"true\">http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate</a:Action>",
            "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>"));
        Assert.True(status == 200, $"{status} {body}");
        return Regex.Matches(body, "<m:Subscription .*?</m:Subscription>").SingleOrDefault(m => m.Value.Contains($">{name}<", StringComparison.Ordinal))?.Value;
    }

    /// <summary>Sends a batch for the subscription that was handed out, with the bookmark of its last event.</summary>
    public Task<(int Status, string Body)> SendEventsAsync(string item, int bookmark, params string[] events) => DeliverAsync(
        item,
        "Events",
        $"<w:Events>{string.Concat(events.Select(e => $"<w:Event Action=\"{Dmtf}Event\"><![CDATA[{e}]]></w:Event>"))}</w:Events>",
        $"<w:Bookmark><BookmarkList><Bookmark Channel=\"Security\" RecordId=\"{bookmark.ToString(CultureInfo.InvariantCulture)}\" IsCurrent=\"true\"/></BookmarkList></w:Bookmark>");

    public Task<(int Status, string Body)> HeartbeatAsync(string item) => DeliverAsync(item, "Heartbeat", "<w:Events></w:Events>", "");

    public void Dispose() => _client.Dispose();

    private Task<(int Status, string Body)> DeliverAsync(string item, string action, string body, string bookmark)
    {
        // At the address of this side: the collector may tell another, where a balancer stands.
        var told = Regex.Match(item, "<e:NotifyTo><a:Address>([^<]+)<").Groups[1].Value;
        var address = _service + told[told.IndexOf("/subscriptions/", StringComparison.Ordinal)..];
        var identifier = Regex.Match(item, "<e:Identifier>([^<]+)<").Groups[1].Value;
        return SendAsync(address, Message(
            $"<a:To>{told}</a:To><m:MachineID xmlns:m=\"http://schemas.microsoft.com/wbem/wsman/1/machineid\" s:mustUnderstand=\"false\">src01.corp.example</m:MachineID><a:Action s:mustUnderstand=\"true\">{Dmtf}{action}</a:Action>"
            + $"<e:Identifier xmlns:e=\"http://schemas.xmlsoap.org/ws/2004/08/eventing\">{identifier}</e:Identifier>{bookmark}<w:AckRequested/>",
            body));
    }

    private static string Message(string headers, string body) =>
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\""
        + $" xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\"><s:Header><a:MessageID>uuid:{Guid.NewGuid().ToString().ToUpperInvariant()}</a:MessageID>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>";

    private async Task<(int Status, string Body)> SendAsync(string address, string message)
    {
        using var content = new ByteArrayContent([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(message)]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/soap+xml;charset=UTF-16");
        using var answer = await _client.PostAsync(address, content);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        return ((int)answer.StatusCode, bytes is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(bytes.AsSpan(2)) : Encoding.UTF8.GetString(bytes));
    }
}
