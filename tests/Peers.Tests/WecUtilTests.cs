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
    [Trait("Feature", "WCU-01")]
    public async Task Each_verb_prints_what_the_original_prints()
    {
        var name = $"Sub {Guid.NewGuid():N}";
        var file = await FileAsync($"""
            <Subscription xmlns="{Namespace}"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType><Description>Logons</Description><ConfigurationMode>Custom</ConfigurationMode>
            <Delivery Mode="Pull"><Batching><MaxItems>1</MaxItems><MaxLatencyTime>20000</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval="30000"/></PushSettings></Delivery>
            <Query><![CDATA[<QueryList><Query Path="Security"><Select>*</Select></Query></QueryList>]]></Query><TransportName>http</TransportName><TransportPort>1</TransportPort><ContentFormat>Events</ContentFormat>
            <Locale Language="en-US"/><CredentialsType>Basic</CredentialsType><CommonUserName>u</CommonUserName><CommonPassword>p</CommonPassword>
            <EventSources><EventSource><Address>127.0.0.1</Address></EventSource><EventSource Enabled="false"><Address>src02</Address><UserName>own</UserName></EventSource></EventSources></Subscription>
            """);

        Assert.Equal(new Outcome(0, "", ""), await RunAsync("cs", file));
        Assert.Contains(name, (await RunAsync("es")).Output.Split('\n'));
        var mark = await Commands.RunAsync("sh", ["-c", $"'{RunningService.Program("farwire")}' wecutil es --connect '{service.ConnectionFile}' | head -c 3 | od -An -tx1"]);
        Assert.Equal("ef bb bf", mark.Output.Trim());
        Assert.Equal(
            $"""
            Subscription Id: {name}
            SubscriptionType: CollectorInitiated
            Description: Logons
            Enabled: true
            Uri: http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog
            ConfigurationMode: Custom
            DeliveryMode: Pull
            DeliveryMaxItems: 1
            DeliveryMaxLatencyTime: 20000
            HeartbeatInterval: 30000
            Query: <QueryList><Query Path="Security"><Select>*</Select></Query></QueryList>
            ReadExistingEvents: false
            TransportName: HTTP
            TransportPort: 1
            ContentFormat: Events
            Locale: en-US
            LogFile: ForwardedEvents
            PublisherName: Microsoft-Windows-EventCollector
            CredentialsType: Basic
            CommonUserName: u
            CommonUserPassword: *****

            EventSource[0]:
            \tAddress: 127.0.0.1
            \tEnabled: true

            EventSource[1]:
            \tAddress: src02
            \tEnabled: false
            \tUserName: own
            \tUserPassword: *****

            """.Replace("\\t", "\t", StringComparison.Ordinal),
            (await RunAsync("gs", name)).Output);

        Outcome status;
        do
        {
            status = await RunAsync("gr", name);
        }
        while (!status.Output.Contains("ErrorMessage", StringComparison.Ordinal));
        var time = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}";
        Assert.Matches(
            $"^Subscription: {name}\n\tRunTimeStatus: Active\n\tLastError: 0\n\tEventSources:\n\t\t127.0.0.1\n\t\t\tRunTimeStatus: Trying\n\t\t\tLastError: 2150858770\n\t\t\tErrorMessage: [^\n]+\n\t\t\tErrorTime: {time}\n\t\t\tNextRetryTime: {time}\n\t\tsrc02\n\t\t\tRunTimeStatus: Disabled\n\t\t\tLastError: 0\n$",
            status.Output);
        Assert.StartsWith($"Subscription: {name}\n\tRunTimeStatus: Active\n\tLastError: 0\n\tEventSources:\n\t\tsrc02\n", (await RunAsync("gr", name, "SRC02")).Output, StringComparison.Ordinal);
        Assert.Equal(new Outcome(0, "", ""), await RunAsync("rs", name));
        Assert.Equal(new Outcome(0, "", ""), await RunAsync("ds", name));
        Assert.DoesNotContain(name, (await RunAsync("es")).Output, StringComparison.Ordinal);

        // gs /u:true in UTF-16, and every long name.
        var second = await CreateAsync("SourceInitiated", "");
        var wide = await Commands.RunAsync("sh", ["-c", $"'{RunningService.Program("farwire")}' wecutil get-subscription {second} /unicode:true --connect '{service.ConnectionFile}' | iconv -f UTF-16 -t UTF-8"]);
        Assert.Equal((await RunAsync("GET-SUBSCRIPTION", second, "/FORMAT:TERSE")).Output, wide.Output);
        Assert.Equal(0, (await RunAsync("enum-subscription")).ExitCode);
        Assert.Equal(0, (await RunAsync("get-subscriptionruntimestatus", second)).ExitCode);
        Assert.Equal(0, (await RunAsync("retry-subscription", second)).ExitCode);
        Assert.Contains("/f is not a switch of es", (await RunAsync("es", "/f:xml")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WCU-03")]
    public async Task A_star_for_a_password_is_asked_for_at_the_console()
    {
        Commands.Need("/usr/bin/python3");
        await using var source = new Collecting.SourceDouble(scheme: "Basic", user: "common", password: "typed");
        var name = await CreateAsync(
            "CollectorInitiated",
            $"<ConfigurationMode>Custom</ConfigurationMode><Delivery Mode=\"Pull\"/><TransportName>http</TransportName><TransportPort>{source.Port}</TransportPort><CredentialsType>Basic</CredentialsType><EventSources><EventSource><Address>127.0.0.1</Address><UserName>own</UserName><Password>p</Password></EventSource></EventSources>");
        var file = await FileAsync((await RunAsync("gs", name, "/f:xml")).Output);

        // With a file, with a switch alone, and with a source: each asks, shows nothing of what is typed, and the source takes it.
        await TypedAsync("Password of common: ", "ss", $"/c:{file}", "/cun:common", "/cup:*");
        await UntilActiveAsync(name);
        Assert.Equal(0, (await RunAsync("ss", name, "/cun:common", "/cup:wrong")).ExitCode);
        await UntilAsync(name, "LastError: 5\n");
        await TypedAsync("Password of common: ", "ss", name, "/cun:common", "/cup:*");
        await UntilActiveAsync(name);
        await TypedAsync("Password of common: ", "ss", name, "/esa:127.0.0.1", "/un:common", "/up:*");
        await UntilActiveAsync(name);
        Assert.Equal(0, (await RunAsync("ds", name)).ExitCode);
        await TypedAsync("Password of common: ", "cs", file, "/cun:common", "/cup:*");
        await UntilActiveAsync(name);

        Assert.Contains("nobody to ask for the password", (await RunAsync("ss", name, "/cun:common", "/cup:*")).Errors, StringComparison.Ordinal);
        Assert.Contains("/e does not go with a file", (await RunAsync("ss", $"/c:{file}", "/e:true")).Errors, StringComparison.Ordinal);
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
    [Trait("Feature", "WCU-06")]
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
            (["ss", source, "/essp"], "/essp goes with collector-initiated"),
            (["ss", collector, "/q"], "/q needs a value"),
            (["qc", "/e"], "/e is not a switch of qc"),
            (["ss", collector, "/nonsense:1"], "is not a switch of wecutil"),
            (["ss", collector, "/cm:Odd"], "/cm is one of Normal, Custom, MinLatency, MinBandwidth"),
        ];
        foreach (var (line, reason) in refused)
        {
            var outcome = await RunAsync(line);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains(reason, outcome.Errors, StringComparison.Ordinal);
        }

        await QuickConfigIsQuietAsync();
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
        var nowhere = await Commands.RunAsync("env", ["FARWIRE_SOCKET=/nowhere/local.sock", RunningService.Program("farwire"), "wecutil", "es"]);

        Assert.All([nobody, nowhere], outcome =>
        {
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains("The collector does not run there. Start it: 'systemctl start farwired-collector'", outcome.Errors, StringComparison.Ordinal);
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

    // In a service of its own: while the log is off, nobody's events are taken.
    private static async Task QuickConfigIsQuietAsync()
    {
        await using var service = new RunningService();
        await service.InitializeAsync();
        Task<Outcome> RunAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), [.. words, "--connect", service.ConnectionFile]);
        Assert.Equal(0, (await RunAsync("winrm", "set", "urn:farwire:collector/Log", "@{Enabled=\"false\"}")).ExitCode);

        Assert.Equal("The log ForwardedEvents is switched on.\nWould you like to proceed (Y- yes or N- no)?Nothing was changed.\n", (await RunAsync("wecutil", "qc")).Output);
        Assert.Equal("The log ForwardedEvents is switched on.\nThe event collector was configured successfully.\n", (await RunAsync("wecutil", "qc", "/q")).Output);
        Assert.Equal("The event collector is configured already.\n", (await RunAsync("wecutil", "quick-config", "/q:true")).Output);
    }

    private async Task TypedAsync(string prompt, params string[] words)
    {
        var outcome = await Commands.RunAsync(
            "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "prompt.py"), prompt, "typed", RunningService.Program("farwire"), "wecutil", .. words, "--connect", service.ConnectionFile]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        Assert.DoesNotContain("typed", outcome.Output, StringComparison.Ordinal);
    }

    private Task UntilActiveAsync(string name) => UntilAsync(name, "RunTimeStatus: Active\n\t\t\tLastError: 0\n");

    private Task UntilAsync(string name, string shown) => Administration.AdministeredService.UntilAsync(async () => (await RunAsync("gr", name)).Output.Contains(shown, StringComparison.Ordinal));

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
