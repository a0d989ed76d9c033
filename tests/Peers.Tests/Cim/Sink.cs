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

    private Sink(Process process, int port) => (_process, _port) = (process, port);

    /// <param name="withholds">So many messages are answered without an acknowledgement first.</param>
    public static async Task<Sink> StartAsync(int withholds = 0)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "event_sink.py");
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, withholds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        return new Sink(process, int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
    }

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
        $"<e:{name}><a:Address>http://127.0.0.1:{_port}/</a:Address><a:ReferenceProperties><e:Identifier>{identifier}</e:Identifier><q:Property xmlns:q=\"urn:q\">mine</q:Property></a:ReferenceProperties></e:{name}>";
}
