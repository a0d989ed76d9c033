using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>curl as a source of events: what Windows sends, byte by byte.</summary>
public sealed class EventCollectorTests(RunningService service)
{
    private const string Subscription = "urn:farwire:collector/Subscription";
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wsman/1/wsman/";
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    private const string Enumerate = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate";

    [Fact]
    [Trait("Feature", "WEC-06")]
    [Trait("Feature", "PRO-25")]
    public async Task Events_arrive_in_UTF_16_and_packed_are_kept_whole_and_the_bookmark_comes_back()
    {
        var name = await CreateAsync("all");
        var (address, identifier, _) = await SubscribeAsync(name);

        var empty = await SendAsync([], address, "Content-Encoding: SLDC");
        var heartbeat = await SendAsync(Utf16(Deliver(address, identifier, "Heartbeat", "<w:Events></w:Events>")), address);
        var plain = await SendAsync(Utf16(Deliver(address, identifier, "Events", Batch(Event(4624, 7, "caf\u00e9 \u0005 \ud83d\ude00")), Bookmark(7))), address);
        var packed = await SendAsync(Sldc(Utf16(Deliver(address, identifier, "Events", Batch(Event(4625, 8, "packed")), Bookmark(8)))), address, "Content-Encoding: SLDC");
        var again = await SendAsync(Sldc(Utf16(Deliver(address, identifier, "Events", Batch(Event(4625, 8, "packed")), Bookmark(8)))), address, "Content-Encoding: SLDC");
        var end = await SendAsync(Utf16(Message("<a:Action>http://schemas.microsoft.com/wbem/wsman/1/wsman/End</a:Action><w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/wsman/FullDuplex</w:ResourceURI>", "")), address, "Content-Encoding: SLDC");

        Assert.Equal((200, ""), (empty.Status, empty.Body));
        Assert.All([heartbeat, plain, packed, again], answer =>
        {
            Assert.Equal(200, answer.Status);
            Assert.Contains("charset=UTF-16", answer.Head, StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"<a:Action>{Dmtf}Ack</a:Action>", answer.Body, StringComparison.Ordinal);
            Assert.Contains("<a:RelatesTo>uuid:AbC-1</a:RelatesTo>", answer.Body, StringComparison.Ordinal);
        });
        Assert.Equal(204, end.Status);

        var found = await FindAsync(name);
        Assert.Equal(2, found.Count);
        Assert.Contains("caf\u00e9 \u2405 \ud83d\ude00", found[0], StringComparison.Ordinal);
        Assert.Contains("<EventID>4625</EventID>", found[1], StringComparison.Ordinal);
        var sources = await EventsAsync("sources", "--subscription", name, "-o", "json");
        var ecs = await EventsAsync("search", "--subscription", name, "--id", "4625", "-o", "ecs");
        var exported = await EventsAsync("export", "--subscription", name, "--text", "CAF\u00c9", "-o", "xml");
        var source = System.Text.Json.JsonDocument.Parse(sources.Output).RootElement[0];
        Assert.Equal(("Active", 2, 1), (source.GetProperty("RunTimeStatus").GetString(), source.GetProperty("Events").GetInt32(), source.GetProperty("Duplicates").GetInt32()));
        Assert.Equal("src01.corp.example", source.GetProperty("MachineId").GetString());
        var winlog = System.Text.Json.JsonDocument.Parse(ecs.Output).RootElement;
        Assert.Equal("4625", winlog.GetProperty("event").GetProperty("code").GetString());
        Assert.Equal("packed", winlog.GetProperty("winlog").GetProperty("event_data").GetProperty("t").GetString());
        Assert.Single(System.Xml.Linq.XDocument.Parse(exported.Output).Root!.Elements());
        Assert.Contains("RecordId=\"8\"", (await SubscribeAsync(name)).Item, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_subscribed_to_is_no_delivery()
    {
        var name = await CreateAsync("wrong");
        var (address, identifier, _) = await SubscribeAsync(name);
        var other = Guid.NewGuid().ToString();
        var unknown = address[..(address.LastIndexOf('/') + 1)] + other;

        Assert.Equal(500, (await SendAsync(Utf16(Deliver(unknown, other, "Events", Batch(Event(1, 1, "x")))), unknown)).Status);
        Assert.Equal(500, (await SendAsync(Utf16(Deliver(address, other, "Events", Batch(Event(1, 1, "x")))), address)).Status);
        Assert.Equal(500, (await SendAsync([0xFF, 0xA8, 0, 1, 2, 3], address)).Status);
        Assert.Equal(401, (await SendAsync(Utf16(Deliver(address, identifier, "Events", Batch(Event(1, 1, "x")))), address, user: "nobody:x")).Status);
        Assert.Equal(404, (await SendAsync(Utf16("<x/>"), service.Http + "/elsewhere")).Status);
        Assert.Empty(await FindAsync(name));
    }

    [Fact]
    public async Task Tail_shows_what_comes_in_and_ends_with_an_interrupt()
    {
        var name = await CreateAsync("tail");
        var (address, identifier, _) = await SubscribeAsync(name);
        await SendAsync(Utf16(Deliver(address, identifier, "Events", Batch(Event(4, 1, "before")))), address);
        using var tail = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(RunningService.Program("farwire"), ["events", "tail", "--subscription", name, "--id", "7", "--connect", service.ConnectionFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Assert.Contains("Waiting", await tail.StandardError.ReadLineAsync(), StringComparison.Ordinal);

        await SendAsync(Utf16(Deliver(address, identifier, "Events", Batch(Event(6, 2, "of another id")))), address);
        await SendAsync(Utf16(Deliver(address, identifier, "Events", Batch(Event(7, 3, "now\u0007")))), address);
        var line = await tail.StandardOutput.ReadLineAsync();
        await Commands.RunAsync("kill", ["-INT", tail.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await tail.WaitForExitAsync();

        Assert.Equal("2026-01-10 09:00:00.000Z Information src01 Security P 7 t=now\u2407", line);
        Assert.Equal(130, tail.ExitCode);
    }

    private static string Event(int id, int record, string text) =>
        $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>{id}</EventID><TimeCreated SystemTime='2026-01-10T09:00:00.0000000Z'/><EventRecordID>{record}</EventRecordID><Channel>Security</Channel><Computer>src01</Computer></System><EventData><Data Name='t'>{text}</Data></EventData></Event>";

    private static string Batch(string record) => $"<w:Events><w:Event Action=\"{Dmtf}Event\"><![CDATA[{record}]]></w:Event></w:Events>";

    private static string Bookmark(int record) => $"<w:Bookmark><BookmarkList><Bookmark Channel=\"Security\" RecordId=\"{record}\" IsCurrent=\"true\"/></BookmarkList></w:Bookmark>";

    private static string Deliver(string to, string identifier, string action, string body, string bookmark = "") => Message(
        $"<a:To>{to}</a:To><m:MachineID xmlns:m=\"http://schemas.microsoft.com/wbem/wsman/1/machineid\" s:mustUnderstand=\"false\">src01.corp.example</m:MachineID>"
        + $"<a:ReplyTo><a:Address s:mustUnderstand=\"true\">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand=\"true\">{Dmtf}{action}</a:Action>"
        + $"<p:OperationID s:mustUnderstand=\"false\">uuid:7</p:OperationID><p:SequenceId s:mustUnderstand=\"false\">1</p:SequenceId><w:OperationTimeout>PT60.000S</w:OperationTimeout>"
        + $"<e:Identifier xmlns:e=\"{Eventing}\"> {identifier}\n</e:Identifier>{bookmark}<w:AckRequested/>",
        body);

    private static string Message(string headers, string body) =>
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\""
        + $" xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\"><s:Header><a:MessageID>uuid:AbC-1</a:MessageID>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>";

    private static byte[] Utf16(string text) => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)];

    // Scheme 2 of ECMA-321: reset, each byte as it is, a zero bit after FF, end of record; then a zero byte and the length, as Windows adds.
    private static byte[] Sldc(byte[] plain)
    {
        var bits = new StringBuilder("1111111110110");
        foreach (var value in plain)
        {
            bits.Append(Convert.ToString(value, 2).PadLeft(8, '0')).Append(value == 0xFF ? "0" : "");
        }

        bits.Append("1111111110100");
        bits.Append('0', (8 - (bits.Length % 8)) % 8);
        var packed = new byte[(bits.Length / 8) + 5];
        for (var i = 0; i < bits.Length / 8; i++)
        {
            packed[i] = Convert.ToByte(bits.ToString(i * 8, 8), 2);
        }

        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(packed.Length - 4), plain.Length);
        return packed;
    }

    private async Task<string> CreateAsync(string purpose)
    {
        var name = $"{purpose}-{Guid.NewGuid():N}";
        var xml = $"<Subscription xmlns=\"http://schemas.microsoft.com/2006/03/windows/events/subscription\"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>SourceInitiated</SubscriptionType>"
            + "<Query><![CDATA[<QueryList><Query Id=\"0\"><Select Path=\"Security\">*</Select></Query></QueryList>]]></Query>"
            + $"<AllowedPrincipals xmlns=\"urn:farwire:subscription\"><Principal>{service.User}</Principal></AllowedPrincipals></Subscription>";
        var answer = await SendAsync(Encoding.UTF8.GetBytes(Message($"<a:Action>http://schemas.xmlsoap.org/ws/2004/09/transfer/Create</a:Action><w:ResourceURI>{Subscription}</w:ResourceURI>", xml)), service.Http, type: "application/soap+xml;charset=UTF-8");
        Assert.True(answer.Status == 200, answer.Body);
        return name;
    }

    private async Task<(string Address, string Identifier, string Item)> SubscribeAsync(string name)
    {
        var manager = service.Http + "/SubscriptionManager/WEC";
        var answer = await SendAsync(
            Utf16(Message(
                $"<a:To>{manager}</a:To><w:ResourceURI s:mustUnderstand=\"true\">http://schemas.microsoft.com/wbem/wsman/1/SubscriptionManager/Subscription</w:ResourceURI><a:Action s:mustUnderstand=\"true\">{Enumerate}</a:Action><w:MaxEnvelopeSize s:mustUnderstand=\"true\">512000</w:MaxEnvelopeSize>",
                "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>")),
            manager);
        Assert.True(answer.Status == 200, answer.Body);
        Assert.Contains("<n:EnumerationContext></n:EnumerationContext>", answer.Body, StringComparison.Ordinal);
        var item = Regex.Matches(answer.Body, "<m:Subscription .*?</m:Subscription>").Single(m => m.Value.Contains($">{name}<", StringComparison.Ordinal)).Value;
        return (Regex.Match(item, "<e:NotifyTo><a:Address>([^<]+)<").Groups[1].Value, Regex.Match(item, "<e:Identifier>([^<]+)<").Groups[1].Value, item);
    }

    private Task<Outcome> EventsAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["events", .. words, "--connect", service.ConnectionFile]);

    private async Task<List<string>> FindAsync(string name)
    {
        var answer = await SendAsync(
            Encoding.UTF8.GetBytes(Message(
                $"<a:Action>{Enumerate}</a:Action><w:ResourceURI>urn:farwire:collector/Event</w:ResourceURI><w:OptionSet><w:Option Name=\"SubscriptionId\">{name}</w:Option></w:OptionSet>",
                "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements></n:Enumerate>")),
            service.Http,
            type: "application/soap+xml;charset=UTF-8");
        return [.. Regex.Matches(answer.Body, "<f:StoredEvent [^>]*>(.*?)</f:StoredEvent>").Select(m => System.Net.WebUtility.HtmlDecode(m.Groups[1].Value))];
    }

    private async Task<Answer> SendAsync(byte[] message, string address, string? header = null, string? user = null, string type = "application/soap+xml;charset=UTF-16")
    {
        Commands.Need("/usr/bin/curl");
        var file = Path.GetTempFileName();
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, message);
            var outcome = await Commands.RunAsync(
                "curl",
                ["-s", "-o", file, "-D", "-", "-u", user ?? $"{service.User}:{service.Password}", "-H", "Content-Type: " + type, "-H", "Expect:", "-A", "Microsoft WinRM Client", .. header is null ? Array.Empty<string>() : ["-H", header], "--data-binary", "@" + body, address]);
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            var answer = await File.ReadAllBytesAsync(file);
            var text = answer is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(answer.AsSpan(2)) : Encoding.UTF8.GetString(answer);
            return new Answer(int.Parse(outcome.Output.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), outcome.Output, text);
        }
        finally
        {
            File.Delete(file);
            File.Delete(body);
        }
    }

    private sealed record Answer(int Status, string Head, string Body);
}
