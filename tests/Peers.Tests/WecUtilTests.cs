using System.Text.Json;

namespace Farwire.Peers.Tests;

/// <summary>wecutil and farwire events as a user starts them.</summary>
public sealed class WecUtilTests(RunningService service)
{
    private const string Namespace = "http://schemas.microsoft.com/2006/03/windows/events/subscription";

    [Theory]
    [Trait("Feature", "WEC-02")]
    [InlineData("Normal", "Pull", 5, 900000, 900000)]
    [InlineData("MinLatency", "Push", null, 30000, 3600000)]
    [InlineData("MinBandwidth", "Push", null, 21600000, 21600000)]
    [InlineData("Custom", "Push", 7, 8000, 9000)]
    public async Task A_mode_shows_what_it_means(string mode, string delivery, int? items, int latency, int heartbeat)
    {
        var name = await CreateAsync("CollectorInitiated", $"<ConfigurationMode>{mode}</ConfigurationMode><Delivery Mode=\"Push\"><Batching><MaxItems>7</MaxItems><MaxLatencyTime>8000</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval=\"9000\"/></PushSettings></Delivery>");

        var shown = (await RunAsync("gs", name)).Output;

        Assert.Contains($"DeliveryMode: {delivery}\n{(items is null ? "" : $"DeliveryMaxItems: {items}\n")}DeliveryMaxLatencyTime: {latency}\nHeartbeatInterval: {heartbeat}\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_is_created_listed_shown_and_removed()
    {
        var name = await CreateAsync("SourceInitiated", "<Description>Logons</Description><ConfigurationMode>minlatency</ConfigurationMode>");

        var list = await RunAsync("es");
        var shown = await RunAsync("GS", name.ToUpperInvariant());
        var status = await RunAsync("gr", name);
        var modern = await EventsAsync("subscriptions", "-o", "json");
        var removed = await RunAsync("delete-subscription", name);
        var gone = await RunAsync("gs", name);

        var mark = await Commands.RunAsync("sh", ["-c", $"'{RunningService.Program("farwire")}' wecutil es --connect '{service.ConnectionFile}' | head -c 3 | od -An -tx1"]);
        Assert.Equal("ef bb bf", mark.Output.Trim());
        Assert.Contains(name, list.Output.Split('\n'));
        Assert.Equal(
            $"""
            Subscription Id: {name}
            SubscriptionType: SourceInitiated
            Description: Logons
            Enabled: true
            Uri: http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog
            ConfigurationMode: MinLatency
            DeliveryMode: Push
            DeliveryMaxLatencyTime: 30000
            HeartbeatInterval: 3600000
            Query: <QueryList><Query Path="Security"><Select>*</Select></Query></QueryList>
            ReadExistingEvents: false
            TransportName: HTTP
            ContentFormat: RenderedText
            Locale: en-US
            LogFile: ForwardedEvents
            PublisherName: Microsoft-Windows-EventCollector
            AllowedIssuerCAList: 
            AllowedSubjectList: 
            DeniedSubjectList: 
            AllowedSourceDomainComputers: O:NSG:NSD:(A;;GA;;;DC)(A;;GA;;;NS)

            """,
            shown.Output);
        Assert.Equal($"Subscription: {name}\n\tRunTimeStatus: Active\n\tLastError: 0\n\tEventSources:\n", status.Output);
        Assert.Contains(name, JsonDocument.Parse(modern.Output).RootElement.EnumerateArray().Select(s => s.GetProperty("SubscriptionId").GetString()));
        Assert.Equal((0, 1), (removed.ExitCode, gone.ExitCode));
        Assert.Contains($"There is no subscription '{name}'", gone.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WCU-04")]
    public async Task What_gs_prints_as_XML_cs_takes_back()
    {
        var name = await CreateAsync("CollectorInitiated", "<Description>&lt;a &amp; b&gt;</Description><CommonUserName>u</CommonUserName><CommonPassword>secret</CommonPassword><EventSources><EventSource Enabled=\"false\"><Address>src01</Address></EventSource></EventSources>");
        var xml = (await RunAsync("gs", name, "/f:XML")).Output;
        var terse = (await RunAsync("gs", name)).Output;
        await RunAsync("ds", name);

        var file = await FileAsync(xml);
        var created = await RunAsync("cs", file);

        Assert.True(created.ExitCode == 0, created.Errors);
        Assert.Equal(terse, (await RunAsync("gs", name)).Output);
        Assert.Equal(xml, (await RunAsync("gs", name, "/format:xml")).Output);
        Assert.DoesNotContain("secret", xml + terse, StringComparison.Ordinal);
        Assert.Contains("EventSource[0]:\n\tAddress: src01\n\tEnabled: false\n", terse, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WCU-02")]
    public async Task Every_switch_of_ss_changes_what_it_names()
    {
        var name = await CreateAsync("SourceInitiated", "");
        var query = "<QueryList><Query Path=\"System\"><Select>*[System[Level=1]]</Select></Query></QueryList>";

        var outcome = await RunAsync(
            "ss", name, "/e:false", "/d:new", "/ex:2030-01-01T00:00:00", "/cm:custom", "/dm:push", "/dmi:7", "/dmlt:8000", "/hi:9000", "/cf:RenderedText", "/l:de-DE", "/ree",
            "/lf:Log", "/pn:Publisher", "/tn:https", "/tp:5987", "/hn:wec.example", $"/q:{query}", "/ica:AA11,BB22", "/as:*.a,*.b", "/ds:x.a", "/adc:O:NSG:NSD:(A;;GA;;;DC)");
        var shown = (await RunAsync("gs", name)).Output;
        var xml = (await RunAsync("gs", name, "/f:xml")).Output;

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.All(
            ["Enabled: false", "Description: new", "Expires: 2030-01-01T00:00:00.000Z", "ConfigurationMode: Custom", "DeliveryMode: Push", "DeliveryMaxItems: 7", "DeliveryMaxLatencyTime: 8000", "HeartbeatInterval: 9000",
                $"Query: {query}", "ReadExistingEvents: true", "TransportName: HTTPS", "TransportPort: 5987", "Locale: de-DE", "LogFile: Log", "PublisherName: Publisher", "AllowedIssuerCAList: AA11, BB22",
                "AllowedSubjectList: *.a, *.b", "DeniedSubjectList: x.a", "AllowedSourceDomainComputers: O:NSG:NSD:(A;;GA;;;DC)"],
            line => Assert.Contains(line + "\n", shown, StringComparison.Ordinal));
        Assert.Contains("<HostName>wec.example</HostName>", xml, StringComparison.Ordinal);

        var rejected = await RunAsync("ss", name, "/cm:Normal", "/dmi:3");
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("/dmi goes with the configuration mode Custom", rejected.Errors, StringComparison.Ordinal);
        Assert.Contains("DeliveryMaxItems: 7", (await RunAsync("gs", name)).Output, StringComparison.Ordinal); // nothing of a refused line happens
    }

    [Fact]
    public async Task Switches_that_need_others_are_refused_without_them()
    {
        var source = await CreateAsync("SourceInitiated", "");
        var collector = await CreateAsync("CollectorInitiated", "<EventSources><EventSource><Address>here</Address><UserName>own</UserName><Password>p</Password></EventSource></EventSources>");
        var file = await FileAsync((await RunAsync("gs", collector, "/f:xml")).Output);
        (string[] Line, string Reason)[] refused =
        [
            (["ss", collector, "/ese"], "/ese goes with /esa"),
            (["ss", collector, "/aes"], "/aes goes with /esa"),
            (["ss", collector, "/res"], "/res goes with /esa"),
            (["ss", collector, "/un:u"], "/un goes with /esa"),
            (["ss", collector, "/esa:here", "/up:p"], "/up goes with /un"),
            (["ss", collector, "/cup:p"], "/cup goes with /cun"),
            (["ss", $"/c:{file}", "/e"], "/e does not go with a file"),
            (["ss", source, "/cf:Events", "/l:de-DE"], "/l goes with the content format RenderedText"),
            (["ss", collector, "/cm:Custom", "/dm:Pull", "/hn:x"], "/hn goes with push"),
            (["ss", collector, "/ica:AA"], "/ica goes with source-initiated"),
            (["ss", collector, "/as:x"], "/as goes with source-initiated"),
            (["ss", collector, "/ds:x"], "/ds goes with source-initiated"),
            (["ss", collector, "/adc:x"], "/adc goes with source-initiated"),
            (["ss", source, "/esa:x", "/aes"], "/esa goes with collector-initiated"),
            (["ss", collector, "/esa:HERE", "/aes"], "'HERE' is a source of"),
            (["ss", collector, "/esa:there", "/res"], "'there' is not a source of"),
            (["ss", collector, "/nonsense:1"], "is not a switch of wecutil"),
            (["ss", collector, "/cm:Odd"], "/cm is one of Normal, Custom, MinLatency, MinBandwidth"),
        ];
        foreach (var (line, reason) in refused)
        {
            var outcome = await RunAsync(line);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains(reason, outcome.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await RunAsync("ss", source, "/ree")).ExitCode);
        Assert.Contains("ReadExistingEvents: true", (await RunAsync("gs", source)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("ss", $"/c:{file}", "/cun:common", "/cup:secret")).ExitCode);
        var shown = (await RunAsync("gs", collector)).Output;
        Assert.Contains("CommonUserName: common\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("own", shown, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("ss", collector, "/esa:more", "/aes", "/ese:false", "/un:u", "/up:p")).ExitCode);
        Assert.Contains("Address: more\n\tEnabled: false\n\tUserName: u\n\tUserPassword: *****", (await RunAsync("gs", collector)).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WEC-01")]
    public async Task Samples_load_and_what_is_unknown_is_refused_with_its_line()
    {
        var folder = Path.Combine(RunningService.Root, "tests", "Events.Tests", "Fixtures", "subscriptions");
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "documented")).Concat(Directory.GetFiles(Path.Combine(folder, "palantir-mit")).Order(StringComparer.Ordinal).Take(5)))
        {
            var created = await RunAsync("cs", file);
            Assert.True(created.ExitCode == 0, file + created.Errors);
            Assert.Equal(file.Contains("initiated", StringComparison.Ordinal), created.Errors.Contains("has ended at", StringComparison.Ordinal));
        }

        var bad = await RunAsync("cs", await FileAsync($"<Subscription xmlns=\"{Namespace}\">\n<SubscriptionId>x</SubscriptionId>\n<Allowed/></Subscription>"));
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("line 3: 'Allowed'", bad.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("gs", "wsmanSELrg")).ExitCode);
    }

    [Fact]
    [Trait("Feature", "WCU-07")]
    public async Task Without_a_collector_the_error_says_how_to_start_one()
    {
        var nobody = await Commands.RunAsync(RunningService.Program("farwire"), ["wecutil", "es", "/r:http://127.0.0.1:1", "--unencrypted", "--user", "u", "--password-file", "/dev/null"]);
        var nowhere = await Commands.RunAsync(RunningService.Program("farwire"), ["wecutil", "es"]);

        Assert.All([nobody, nowhere], outcome =>
        {
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains("farwired run --ephemeral DIR", outcome.Errors, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_modern_verbs_refuse_what_is_no_query_before_they_ask()
    {
        var outcome = await EventsAsync("search", "--xpath", "*[System[Level=]]");

        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains("at character 16", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(64, (await EventsAsync("search", "-o", "yaml")).ExitCode);
        Assert.Equal(0, (await EventsAsync("stats")).ExitCode);
    }

    private async Task<string> CreateAsync(string type, string more)
    {
        var name = $"w{Guid.NewGuid():N}";
        var created = await RunAsync("cs", await FileAsync(
            $"<Subscription xmlns=\"{Namespace}\"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>{type}</SubscriptionType><Query><![CDATA[<QueryList><Query Path=\"Security\"><Select>*</Select></Query></QueryList>]]></Query>{more}</Subscription>"));
        Assert.True(created.ExitCode == 0, created.Errors);
        return name;
    }

    private static async Task<string> FileAsync(string content)
    {
        var file = Path.Combine(Path.GetTempPath(), $"farwire-{Guid.NewGuid():N}.xml");
        await File.WriteAllTextAsync(file, content);
        return file;
    }

    private Task<Outcome> RunAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["wecutil", .. words, "--connect", service.ConnectionFile]);

    private Task<Outcome> EventsAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["events", .. words, "--connect", service.ConnectionFile]);
}
