using System.Diagnostics;
using System.Globalization;
using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Forwarding;

/// <summary>A collector in Python that hands out subscriptions in the shape that Windows' collector was recorded with, and keeps what it hears byte by byte.</summary>
internal sealed class RecordedCollector : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private RecordedCollector(string folder, int port, Process process) => (_folder, _process, Address) = (folder, process, $"https://localhost:{port}/wsman");

    public string Address { get; }

    public string Certificate => Path.Combine(_folder, "certificate.pem");

    public static async Task<RecordedCollector> StartAsync()
    {
        Commands.Need("/usr/bin/python3");
        Commands.Need("/usr/bin/openssl");
        var folder = Directory.CreateTempSubdirectory("farwire-recorded-").FullName;
        var (key, certificate) = (Path.Combine(folder, "key.pem"), Path.Combine(folder, "certificate.pem"));
        var made = await Commands.RunAsync("/usr/bin/openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]);
        Assert.True(made.ExitCode == 0, made.Errors);
        await File.WriteAllTextAsync(Path.Combine(folder, "both.pem"), await File.ReadAllTextAsync(key) + await File.ReadAllTextAsync(certificate));
        var port = LoopbackPort.Free();
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "wef_collector.py"), folder, port.ToString(CultureInfo.InvariantCulture), Path.Combine(folder, "both.pem")]);
        var collector = new RecordedCollector(folder, port, Process.Start(start)!);
        while (!await LoopbackPort.IsOpenAsync(port))
        {
            Assert.False(collector._process.HasExited, "wef_collector.py ended.");
            await Task.Delay(20);
        }

        return collector;
    }

    /// <summary>How it answers from now on; see <c>wef_collector.py</c>.</summary>
    public void Mood(string mood) => Write("mood", mood);

    /// <summary>Hands out these subscriptions from now on.</summary>
    public void Offer(params string[] subscriptions) => Write("items.xml", string.Concat(subscriptions));

    /// <summary>A subscription as it was recorded.</summary>
    /// <param name="number">The last digits of its identifier.</param>
    /// <param name="version">Of its version.</param>
    /// <param name="query">Which events.</param>
    /// <param name="options">Options beside its name.</param>
    /// <param name="limits">What limits its batches.</param>
    /// <param name="heartbeats">How long the source may be silent.</param>
    /// <param name="bookmark">Where it begins.</param>
    /// <param name="more">What follows the limits.</param>
    public string Subscription(int number, int version, string query, string options = CData + ReadExisting, string limits = "<w:MaxElements>200</w:MaxElements><w:MaxTime>PT0.500S</w:MaxTime>", string heartbeats = "PT3600.000S", string bookmark = "", string more = "<w:MaxEnvelopeSize Policy=\"Notify\">512000</w:MaxEnvelopeSize>")
    {
        var identifier = $"5A000001-0000-5000-8000-{number:D12}";
        var reference = $"<a:Address>{Address}/subscriptions/{identifier}</a:Address><a:ReferenceProperties><e:Identifier>{identifier}</e:Identifier></a:ReferenceProperties>";
        return $"""
            <sub:Subscription xmlns:sub="http://schemas.microsoft.com/wbem/wsman/1/subscription"><sub:Version>uuid:5B000001-0000-5000-8000-{version:D12}</sub:Version>
             <s:Envelope><s:Header><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>
              <w:ResourceURI s:mustUnderstand="true">http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog</w:ResourceURI>
              <a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>
              <a:Action s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe</a:Action>
              <w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize><a:MessageID>uuid:5B000001-0000-4000-8000-000000000002</a:MessageID>
              <w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>
              <p:OperationID s:mustUnderstand="false">uuid:5B000001-0000-4000-8000-000000000003</p:OperationID><p:SequenceId s:mustUnderstand="false">1</p:SequenceId>
              <w:OptionSet xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><w:Option Name="SubscriptionName">recorded{number}</w:Option>{options}</w:OptionSet>
             </s:Header><s:Body><e:Subscribe><e:EndTo>{reference}</e:EndTo>
              <e:Delivery Mode="http://schemas.dmtf.org/wbem/wsman/1/wsman/Events"><w:Heartbeats>{heartbeats}</w:Heartbeats>
               <e:NotifyTo>{reference}<c:Policy xmlns:c="http://schemas.xmlsoap.org/ws/2002/12/policy" xmlns:auth="http://schemas.microsoft.com/wbem/wsman/1/authentication"><c:ExactlyOne><c:All><auth:Authentication Profile="http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/basic"/></c:All></c:ExactlyOne></c:Policy></e:NotifyTo>
               <w:ConnectionRetry Total="5">PT1.0S</w:ConnectionRetry>{limits}{more}
               <w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/><w:ContentEncoding>UTF-16</w:ContentEncoding></e:Delivery>
              <w:Filter Dialect="http://schemas.microsoft.com/win/2004/08/events/eventquery"><QueryList><Query Id="0">{query}</Query></QueryList></w:Filter>{bookmark}<w:SendBookmarks/>
             </e:Subscribe></s:Body></s:Envelope></sub:Subscription>
            """;
    }

    public const string CData = "<w:Option Name=\"CDATA\" xsi:nil=\"true\"/>";
    public const string ReadExisting = "<w:Option Name=\"ReadExistingEvents\">true</w:Option>";
    public const string IgnoreChannelError = "<w:Option Name=\"IgnoreChannelError\" xsi:nil=\"true\"/>";
    public const string Compression = "<w:Option Name=\"Compression\">SLDC</w:Option>";

    /// <summary>What it heard so far, in order.</summary>
    public IReadOnlyList<Heard> Messages =>
        [.. Directory.GetFiles(_folder, "0*.body").Order(StringComparer.Ordinal).Select(file => new Heard(File.ReadAllText(Path.ChangeExtension(file, ".head")), File.ReadAllBytes(file)))];

    /// <summary>Waits until it heard <paramref name="count"/> messages of this action.</summary>
    public async Task<IReadOnlyList<Heard>> UntilAsync(string action, int count)
    {
        IReadOnlyList<Heard> found = [];
        await Waiting.UntilAsync(() => Task.FromResult((found = [.. Messages.Where(heard => heard.Action == action)]).Count >= count), () => $"Of {count} {action}: {string.Join(", ", Messages.Select(heard => heard.Action))}");
        return found;
    }

    /// <summary>A source of it, which runs.</summary>
    public async Task<ForwardingSource> SourceAsync(string more = "", Action<ForwardingSource>? before = null)
    {
        var source = await ForwardingSource.MakeAsync();
        before?.Invoke(source);
        source.Configure(Identity(source) + more, $"Server={Address}/SubscriptionManager/WEC,Refresh=1");
        await source.StartAsync();
        return source;
    }

    /// <summary>Who a source is here: anybody.</summary>
    public string Identity(ForwardingSource source)
    {
        var password = Path.Combine(source.Config, "password");
        File.WriteAllText(password, AdministeredService.Password + "\n");
        return $"User: box1\nPasswordFile: {password}\nAuthorities: {Certificate}\n";
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, "." + name), text);
        File.Move(Path.Combine(_folder, "." + name), Path.Combine(_folder, name), overwrite: true);
    }

    /// <summary>One message as it came.</summary>
    internal sealed record Heard(string Head, byte[] Body)
    {
        public bool IsUtf16 => Body is [0xFF, 0xFE, ..];

        public string Text => IsUtf16 ? Encoding.Unicode.GetString(Body, 2, Body.Length - 2) : Encoding.UTF8.GetString(Body);

        public string Action => Element("a:Action") is { } action ? action[(action.LastIndexOf('/') + 1)..] : "";

        /// <summary>The numbers of the events in it.</summary>
        public IReadOnlyList<int> Numbers => [.. System.Text.RegularExpressions.Regex.Matches(Text, ">number (\\d+);").Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

        /// <summary>The text of the first element of this name.</summary>
        public string? Element(string name) => System.Text.RegularExpressions.Regex.Match(Text, $"<{name}[^>]*>([^<]*)</{name}>") is { Success: true } match ? match.Groups[1].Value.Trim() : null;
    }
}
