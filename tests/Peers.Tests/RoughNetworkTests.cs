using System.Globalization;
using System.Text;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Shells;

namespace Farwire.Peers.Tests;

/// <summary>
/// A hundred commands at once over a network that cuts, delays, doubles and reorders. Ten minutes with FARWIRE_LONG_TESTS=1; without it a tenth of
/// that, and the output of the test says so.
/// </summary>
public sealed class RoughNetworkTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Count = 100;
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(LongTests.Of(10));

    private TestServiceProcess _service = null!; // its own: what is left behind is looked for

    public async ValueTask InitializeAsync() => _service = await TestServiceProcess.StartedAsync("MaxShellsPerUser=1000");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    [Trait("Feature", "SHL-13")]
    [Trait("Feature", "CAP-04")]
    public async Task Every_byte_arrives_once_and_in_order_and_every_command_runs_once()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-rough-").FullName;
        try
        {
            await using var network = new RoughNetwork(new Uri(_service.Http), seed: 4761);
            var end = TimeProvider.System.GetTimestamp() + (long)(Time.TotalSeconds * TimeProvider.System.TimestampFrequency);
            var lines = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => RunAsync(network.Port, i, Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture)), end)));
            var (cuts, repeats) = (network.Cuts, network.Repeats);
            await network.DisposeAsync(); // what comes late is here

            output.WriteLine($"{Time.TotalMinutes} of 10 minutes: {Count} commands, {lines.Sum()} lines there and back, {cuts} connections cut, {repeats} of them repeated late.");
            Assert.True(cuts > Count && repeats > Count / 10, $"{cuts} cuts and {repeats} repeats are no bad network.");
            Assert.Equal(Enumerable.Repeat("began\n", Count), Directory.GetFiles(folder).Select(File.ReadAllText));
            Assert.Equal("", (await Commands.RunAsync("/usr/bin/pgrep", ["-f", folder])).Output);
            Assert.Empty(Groups());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A command that says what it is told. Both directions have work all the time, and neither waits for the other.
    private async Task<int> RunAsync(int port, int number, string mark, long end)
    {
        await using var client = new WSManClient(new WSManConnectionOptions
        {
            Address = new Uri($"http://127.0.0.1:{port}/wsman"),
            Authentication = AuthenticationMethod.Basic,
            User = "Ann",
            Password = "secret",
            AllowUnencrypted = true,
        });
        var random = new Random(number);
        await using var shell = await client.OpenShellAsync();
        await using var command = await shell.StartAsync($"echo began >> {mark}; cat; exit {number}");
        var received = new StringBuilder();
        var receiving = ReceiveAsync();
        var sent = new StringBuilder();
        var lines = 0;
        while (TimeProvider.System.GetTimestamp() < end)
        {
            var line = $"{++lines} {new string('x', random.Next(3000))}\n";
            sent.Append(line);
            await command.StandardInput.WriteAsync(Encoding.ASCII.GetBytes(line));
            await Task.Delay(random.Next(1000)); // the pace of the load
        }

        await command.StandardInput.DisposeAsync();
        await receiving;

        Assert.Equal(number, await command.Exit);
        Assert.True(sent.Equals(received), $"Of {sent.Length} characters of the command {number} there came back {received.Length}, the first wrong one at {Difference()}.");
        await shell.CloseAsync();
        return lines;

        async Task ReceiveAsync()
        {
            await foreach (var piece in command.ReadOutputAsync())
            {
                received.Append(Encoding.ASCII.GetString(piece.Data.Span));
            }
        }

        int Difference() => Enumerable.Range(0, Math.Min(sent.Length, received.Length)).FirstOrDefault(i => sent[i] != received[i], Math.Min(sent.Length, received.Length));
    }

    // The control groups of the shells, where the service could make some.
    private IEnumerable<string> Groups() => Directory.Exists("/sys/fs/cgroup")
        ? Directory.EnumerateDirectories("/sys/fs/cgroup", $"farwire-{_service.ProcessId}", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .SelectMany(Directory.EnumerateDirectories)
        : [];
}
