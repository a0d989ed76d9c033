using System.Text;
using System.Text.Json;

namespace Farwire.Peers.Tests;

/// <summary>winrs over a network that breaks all the time.</summary>
public sealed class BadNetworkTests(RunningService service)
{
    private const int Cuts = 1000;

    [Fact]
    [Trait("Feature", "SHL-13")]
    [Trait("Feature", "CAP-04")]
    [Trait("Feature", "WRS-06")]
    public async Task Output_and_code_are_those_of_a_run_without_cuts()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-cuts-").FullName;
        var marks = Path.Combine(folder, "marks");
        try
        {
            var (cuts, runs) = (0, 0);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                while (Volatile.Read(ref cuts) < Cuts)
                {
                    var run = Interlocked.Increment(ref runs);
                    Interlocked.Add(ref cuts, await RunAsync(run, folder, marks));
                }
            }));

            Assert.Equal(runs, File.ReadAllLines(marks).Length); // each command ran once
            Assert.Equal("", (await Commands.RunAsync("/usr/bin/pgrep", ["-f", marks])).Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> RunAsync(int run, string folder, string marks)
    {
        await using var proxy = new CuttingProxy(new Uri(service.Http), seed: run, longest: 7000);
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"),
            ["winrs", "--connect", await ConnectionAsync(folder, proxy.Port), "-un", "--", $"echo mark >> {marks}; for i in $(seq 300); do echo $i; sleep 0.001; done; cat; exit 7"],
            Encoding.UTF8.GetBytes("and the input\n"));

        Assert.Equal((7, string.Concat(Enumerable.Range(1, 300).Select(i => $"{i}\n")) + "and the input\n"), (outcome.ExitCode, outcome.Output));
        return proxy.Cuts;
    }

    private async Task<string> ConnectionAsync(string folder, int port)
    {
        var connection = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await File.ReadAllBytesAsync(service.ConnectionFile))!;
        var file = Path.Combine(folder, $"connection-{port}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(connection.ToDictionary(
            pair => pair.Key, pair => pair.Key == "http" ? JsonSerializer.SerializeToElement($"http://127.0.0.1:{port}/wsman") : pair.Value)));
        return file;
    }
}
