using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace Farwire.Peers.Tests.Cim;

/// <summary>A listener for events, in Python with its own HTTP server: it prints each message it gets, and acknowledges.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private readonly Process _process;
    private readonly int _port;
    private Task<string?>? _reading;

    private readonly string _root;
    private readonly string _policy;

    private Sink(Process process, string root, int port, string policy = "") => (_process, _root, _port, _policy) = (process, root, port, policy);

    /// <param name="withholds">So many messages are answered without an acknowledgement first.</param>
    public static async Task<Sink> StartAsync(int withholds = 0)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "event_sink.py");
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, withholds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        return new Sink(process, "http://127.0.0.1", await PortAsync(process));
    }

    /// <summary>The same over TLS, as <c>localhost</c>.</summary>
    /// <param name="certificate">Certificate and key in PEM.</param>
    public static async Task<Sink> StartOverTlsAsync(string certificate)
    {
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "event_sink.py"), "0", certificate]) { RedirectStandardOutput = true })!;
        return new Sink(process, "https://localhost", await PortAsync(process));
    }

    /// <summary>One that takes events from whoever proves himself by Kerberos, with MIT's library: sealed, or over TLS when there is a certificate.</summary>
    public static async Task<Sink> StartWithKerberosAsync(IReadOnlyDictionary<string, string> environment, string? certificate)
    {
        const string acknowledgement = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"><s:Header>"
            + "<a:Action>http://schemas.dmtf.org/wbem/wsman/1/wsman/Ack</a:Action><a:MessageID>uuid:2</a:MessageID><a:RelatesTo>{id}</a:RelatesTo></s:Header><s:Body/></s:Envelope>";
        var (process, port) = await Security.Python.ServeAsync(new { answer = acknowledgement, shows = true, tls = certificate }, environment);
        var scheme = certificate is null ? "http" : "https";
        return new Sink(
            process, scheme + "://localhost", port,
            $"<c:Policy xmlns:c=\"http://schemas.xmlsoap.org/ws/2002/12/policy\" xmlns:auth=\"http://schemas.microsoft.com/wbem/wsman/1/authentication\"><c:ExactlyOne><c:All><auth:Authentication Profile=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/{scheme}/spnego-kerberos\"/></c:All></c:ExactlyOne></c:Policy>");
    }

    private static async Task<int> PortAsync(Process process) => int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);

    public string NotifyTo(string identifier) => Reference("NotifyTo", identifier);

    public string EndTo(string identifier) => Reference("EndTo", identifier);

    public async Task<XElement> NextAsync() => await TryNextAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("Nothing came.");

    public async Task<XElement?> TryNextAsync(TimeSpan patience)
    {
        _reading ??= _process.StandardOutput.ReadLineAsync();
        if (await Task.WhenAny(_reading, Task.Delay(patience, TestContext.Current.CancellationToken)) != _reading)
        {
            return null;
        }

        var line = await _reading;
        _reading = null;
        return line is null ? null : XElement.Parse(line);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string Reference(string name, string identifier) =>
        $"<e:{name}><a:Address>{_root}:{_port}/</a:Address><a:ReferenceProperties><e:Identifier>{identifier}</e:Identifier><q:Property xmlns:q=\"urn:q\">mine</q:Property></a:ReferenceProperties>{_policy}</e:{name}>";
}
