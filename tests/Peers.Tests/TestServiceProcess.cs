using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

[assembly: AssemblyFixture(typeof(Farwire.Peers.Tests.TestServiceProcess))]

namespace Farwire.Peers.Tests;

/// <summary>The program TestService: the edge and the engine of farwired over resources that can be changed and made to wait.</summary>
public sealed class TestServiceProcess : IAsyncLifetime
{
    private Process? _process;

    public string Http { get; private set; } = "";

    public string Https { get; private set; } = "";

    public int ProcessId => _process!.Id;

    internal static string Box => Soap.Microsoft + "/test/Box";

    internal static string Slow => Soap.Microsoft + "/test/Slow";

    internal Curl Curl => new(Http, "Ann:secret");

    public ValueTask InitializeAsync() => StartAsync("MaxBatchItems=5");

    internal static async Task<TestServiceProcess> StartedAsync(params string[] options)
    {
        var service = new TestServiceProcess();
        await service.StartAsync(options);
        return service;
    }

    /// <summary>Open enumerations, running operations and open cursors, without the question's own operation.</summary>
    internal async Task<(int Enumerations, int Operations, int Cursors)> CountsAsync()
    {
        var counts = Regex.Match((await Curl.SendAsync(Soap.Get(Soap.Microsoft + "/test/Counts"))).Body, "enumerations=\"(\\d+)\" operations=\"(\\d+)\" cursors=\"(\\d+)\"").Groups;
        return (Number(1), Number(2) - 1, Number(3));

        int Number(int group) => int.Parse(counts[group].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        _process.Dispose();
    }

    private async ValueTask StartAsync(params string[] options)
    {
        _process = Process.Start(new ProcessStartInfo(RunningService.Program("TestService"), options) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var connection = JsonDocument.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("TestService did not start.")).RootElement;
        Http = connection.GetProperty("http").GetString()!;
        Https = connection.GetProperty("https").GetString()!;
    }
}
