using System.Diagnostics;
using System.Globalization;
using Farwire.Hosting.Plugins;
using Farwire.Plugins;
using Farwire.Processes.Launch;
using Farwire.Protocol.Names;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Plugins;
using Farwire.Service.Resources;
using Microsoft.Extensions.Logging.Abstractions;

// What a request to a plug-in costs in this process and in a process of its own: from the envelope's bytes to the answer's, without HTTP.
//   dotnet run -c Release --project benchmarks/plugins [-- REQUESTS]
// The same sample answers both; the best of several rounds counts.

const int Rounds = 5;
var requests = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Farwire.slnx")))
{
    root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("This program lies outside of the repository.");
}

const string uri = "http://schemas.example.com/notebook";
var bin = Path.Combine(root, "artifacts", "bin");
var registration = PluginConfigurationReader.Read(
    $"<PlugInConfiguration xmlns=\"{PluginConfigurationReader.NamespaceUri}\" Name=\"Notebook\" Filename=\"{bin}/NotebookPlugin/release/NotebookPlugin.dll\">"
    + $"<Resources><Resource ResourceUri=\"{uri}\"><Capability Type=\"Get\"/><Capability Type=\"Create\"/></Resource></Resources></PlugInConfiguration>");
var log = NullLogger.Instance;

await using var inside = new InProcessPlugins("benchmark", ShutdownReason.Service);
await using var outside = new PluginProcesses([Path.Combine(bin, "farwired", "release", "farwired"), "plugin-process"], new OwnAccountStarter(), TimeProvider.System, log);

Console.WriteLine($"{"plug-in",-22} {"one by one",12} {"16 at a time",16} {"first request",15}");
foreach (var (name, host) in new (string, IPluginHost)[] { ("in process", inside), ("in its own process", outside) })
{
    var catalog = new ResourceCatalog().Add(new PluginCatalog([registration], host, log));
    await using var dispatcher = new Dispatcher(catalog, new ServiceOptions { Access = AccessPolicy.Authenticated });
    var caller = Caller.Named("benchmark");
    var start = Stopwatch.GetTimestamp();
    await SendAsync(dispatcher, caller, Envelope(Actions.Create, "<n:Note xmlns:n=\"http://schemas.example.com/notebook\"><n:Text>something to read</n:Text></n:Note>"));
    var first = Stopwatch.GetElapsedTime(start);
    var get = Envelope(Actions.Get, "");
    var alone = TimeSpan.MaxValue;
    var together = 0.0;
    for (var round = 0; round < Rounds; round++)
    {
        start = Stopwatch.GetTimestamp();
        for (var i = 0; i < requests; i++)
        {
            await SendAsync(dispatcher, caller, get);
        }

        alone = TimeSpan.FromTicks(Math.Min(alone.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < requests / 16; i++)
            {
                await SendAsync(dispatcher, caller, get);
            }
        })));
        together = Math.Max(together, requests / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-22} {alone.TotalMicroseconds / requests,9:0.0} µs {together,14:0}/s {first.TotalMilliseconds,12:0} ms"));
}

static byte[] Envelope(string action, string body) => System.Text.Encoding.UTF8.GetBytes(
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header>"
    + $"<a:To>http://x/wsman</a:To><a:Action s:mustUnderstand=\"true\">{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>"
    + $"<w:SelectorSet><w:Selector Name=\"Title\">one</w:Selector></w:SelectorSet></s:Header><s:Body>{body}</s:Body></s:Envelope>");

static async Task SendAsync(Dispatcher dispatcher, Caller caller, byte[] envelope)
{
    using var reply = await dispatcher.ProcessAsync(envelope, caller, CancellationToken.None);
    if (reply.IsFault)
    {
        throw new InvalidOperationException(System.Text.Encoding.UTF8.GetString(reply.Utf8.Span));
    }
}
