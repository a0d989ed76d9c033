using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>A source of events that a collector subscribes at, as the recorded messages of Windows speak; its HTTP is that of the framework.</summary>
internal sealed class SourceDouble : IAsyncDisposable
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wsman/1/wsman/";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(int Record, string Xml)> _events = new();
    private readonly SemaphoreSlim _there = new(0);
    private readonly Task _run;

    public SourceDouble(int? port = null, string? scheme = null, string user = "", string password = "")
    {
        (Port, _scheme, _user, _password) = (port ?? LoopbackPort.Free(), scheme, user, password);
        _listener.Prefixes.Add($"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}/");
        _listener.Start();
        _run = Task.Run(AcceptAsync);
    }

    private readonly string? _scheme;
    private readonly string _user;
    private readonly string _password;

    public int Port { get; }

    /// <summary>The delivery modes that it knows.</summary>
    public HashSet<string> Modes { get; init; } = [Dmtf + "Pull", Dmtf + "Events"];

    /// <summary>How long a subscription lives, as the answer says.</summary>
    public string Expires { get; init; } = "PT0.000S";

    /// <summary>All messages that came, as actions' last words.</summary>
    public ConcurrentQueue<string> Actions { get; } = new();

    /// <summary>The Subscribe messages that came.</summary>
    public ConcurrentQueue<string> Subscribed { get; } = new();

    public static string Event(int record, string text) =>
        $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>4624</EventID><TimeCreated SystemTime='2026-01-10T09:00:00.0000000Z'/><EventRecordID>{record}</EventRecordID><Channel>Security</Channel><Computer>src01</Computer></System><EventData><Data Name='t'>{text}</Data></EventData></Event>";

    /// <summary>Something happens at the source; a Pull brings it.</summary>
    public void Happens(int record, string text)
    {
        _events.Enqueue((record, Event(record, text)));
        _there.Release();
    }

    /// <summary>Sends to where the last Subscribe said, and answers status and body.</summary>
    public async Task<(int Status, string Body)> DeliverAsync(string action, string body, int? record, string user, string password)
    {
        var subscribe = Subscribed.Last();
        var address = Regex.Match(subscribe, "<e:NotifyTo><a:Address>([^<]+)<").Groups[1].Value;
        var identifier = Regex.Match(subscribe, "<e:Identifier>([^<]+)<").Groups[1].Value;
        var bookmark = record is null ? "" : $"<w:Bookmark>{Bookmark(record.Value)}</w:Bookmark>";
        var message = Envelope($"<a:To>{address}</a:To><a:Action>{action}</a:Action><a:MessageID>uuid:{Guid.NewGuid()}</a:MessageID><e:Identifier>{identifier}</e:Identifier>{bookmark}<w:AckRequested/>", body);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(message, Encoding.UTF8) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/soap+xml;charset=UTF-8");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static string Batch(string record) => $"<w:Events><w:Event Action=\"{Dmtf}Event\"><![CDATA[{record}]]></w:Event></w:Events>";

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _there.Dispose();
    }

    private static string Bookmark(int record) => $"<BookmarkList><Bookmark Channel=\"Security\" RecordId=\"{record.ToString(CultureInfo.InvariantCulture)}\" IsCurrent=\"true\"/></BookmarkList>";

    private static string Envelope(string headers, string body) =>
        $"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" xmlns:e=\"{Eventing}\" xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\"><s:Header>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>";

    private async Task AcceptAsync()
    {
        while (true)
        {
            var context = await _listener.GetContextAsync();
            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var message = await reader.ReadToEndAsync();
            if (!Knows(context))
            {
                context.Response.StatusCode = 401;
                context.Response.AddHeader("WWW-Authenticate", _scheme == "Digest" ? "Digest realm=\"src\", nonce=\"n0nce\", qop=\"auth\", algorithm=MD5" : $"{_scheme} realm=\"src\"");
                context.Response.Close();
                return;
            }

            var action = Regex.Match(message, "<a:Action[^>]*>([^<]+)<").Groups[1].Value;
            var (status, headers, body) = await AnswerAsync(action, message);
            var related = Regex.Match(message, "<a:MessageID>([^<]+)<").Groups[1].Value;
            var reply = Encoding.UTF8.GetBytes(Envelope(
                $"<a:Action>{(status == 200 ? action + "Response" : Dmtf + "fault")}</a:Action><a:MessageID>uuid:{Guid.NewGuid()}</a:MessageID><a:RelatesTo>{related}</a:RelatesTo>{headers}", body));
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/soap+xml;charset=UTF-8";
            await context.Response.OutputStream.WriteAsync(reply);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The collector or the test is gone.
        }
    }

    private async Task<(int Status, string Headers, string Body)> AnswerAsync(string action, string message)
    {
        Actions.Enqueue(action[(action.LastIndexOf('/') + 1)..]);
        switch (Actions.Last())
        {
            case "Subscribe":
                var mode = Regex.Match(message, "<e:Delivery Mode=\"([^\"]+)\"").Groups[1].Value;
                if (!Modes.Contains(mode))
                {
                    return (500, "", Fault("e:DeliveryModeRequestedUnavailable", 2150858782));
                }

                Subscribed.Enqueue(message);
                var pulled = mode.EndsWith("/Pull", StringComparison.Ordinal) ? "<n:EnumerationContext>uuid:7</n:EnumerationContext>" : "";
                return (200, "", $"<e:SubscribeResponse><e:SubscriptionManager><a:Address>http://127.0.0.1/wsman</a:Address><a:ReferenceProperties><e:Identifier>uuid:s1</e:Identifier></a:ReferenceProperties></e:SubscriptionManager><e:Expires>{Expires}</e:Expires>{pulled}</e:SubscribeResponse>");
            case "Pull":
                var longest = System.Xml.XmlConvert.ToTimeSpan(Regex.Match(message, "<n:MaxTime>([^<]+)<").Groups[1].Value);
                if (!await _there.WaitAsync(longest) || !_events.TryDequeue(out var found))
                {
                    return (500, "", Fault("w:TimedOut", 2150858793));
                }

                return (200, $"<w:Bookmark>{Bookmark(found.Record)}</w:Bookmark>", $"<n:PullResponse><n:EnumerationContext>uuid:7</n:EnumerationContext><n:Items>{found.Xml}</n:Items></n:PullResponse>");
            case "Unsubscribe":
                return (200, "", "");
            default:
                return (500, "", Fault("a:ActionNotSupported", 2150858771));
        }
    }

    private static string Fault(string subcode, uint code) =>
        $"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en-US\">{subcode}</s:Text></s:Reason><s:Detail><f:WSManFault Code=\"{code.ToString(CultureInfo.InvariantCulture)}\" Machine=\"src\"><f:Message>{subcode}</f:Message></f:WSManFault></s:Detail></s:Fault>";

    private bool Knows(HttpListenerContext context)
    {
        var header = context.Request.Headers["Authorization"] ?? "";
        return _scheme switch
        {
            null => true,
            "Basic" => header == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_user}:{_password}")),
            _ => header.StartsWith("Digest ", StringComparison.Ordinal) && IsRight(header, context.Request.HttpMethod),
        };
    }

    // RFC 7616, "Response": MD5(MD5(user:realm:password):nonce:nc:cnonce:qop:MD5(method:uri))
    private bool IsRight(string header, string method)
    {
        string Of(string name) => Regex.Match(header, $"(?:^|[ ,]){name}=\"?([^\",]+)").Groups[1].Value;
        var secret = Md5($"{_user}:src:{_password}");
        return Of("username") == _user && Of("response") == Md5($"{secret}:n0nce:{Of("nc")}:{Of("cnonce")}:auth:{Md5($"{method}:{Of("uri")}")}");
    }

#pragma warning disable CA5351 // what Digest is made of
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
