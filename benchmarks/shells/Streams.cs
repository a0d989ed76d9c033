using System.Diagnostics;
using Farwire.Benchmarks.Load.Measures;
using Farwire.Benchmarks.Load.Servers;
using Farwire.Client;

namespace Farwire.Benchmarks.Shells;

/// <summary>Bytes out of a command and into one, in this process and through the command winrs.</summary>
internal sealed class Streams(Table table, ServerProcess service)
{
    private const long Bytes = 400_000_000;

    public async Task RunAsync()
    {
        (string Over, Func<WSManClient> Open, double Wanted)[] ways =
        [
            ("in clear text", () => Clients.Of(service, tls: false), 100),
            ("over TLS", () => Clients.Of(service), 100),
            ("sealed", () => Clients.Sealing(service), 60),
        ];
        foreach (var (over, open, wanted) in ways)
        {
            await OutAsync(open); // warm
            table.AtLeast($"output, {over}", await MiddleAsync(() => OutAsync(open)), wanted, "MB/s");
            table.AtLeast($"input, {over}", await MiddleAsync(() => InAsync(open)), wanted, "MB/s");
        }

        table.AtLeast("output, through winrs over TLS", Pipe($"{Built.Command} winrs --connect {service.ConnectionPath} head -c {Bytes} /dev/zero > /dev/null"), 100, "MB/s");
        table.AtLeast("input, through winrs over TLS", Pipe($"head -c {Bytes} /dev/zero | {Built.Command} winrs --connect {service.ConnectionPath} 'cat > /dev/null'"), 100, "MB/s");
    }

    private static async Task<double> MiddleAsync(Func<Task<double>> measure) => Ratios.Middle([await measure(), await measure(), await measure()]);

    private async Task<double> OutAsync(Func<WSManClient> open)
    {
        await using var client = open();
        await using var shell = await client.OpenShellAsync();
        var start = Stopwatch.GetTimestamp();
        await using var command = await shell.StartAsync($"head -c {Bytes} /dev/zero");
        var count = 0L;
        await foreach (var piece in command.ReadOutputAsync())
        {
            count += piece.Data.Length;
        }

        return count == Bytes ? Rate(start) : throw new InvalidOperationException($"{count} bytes came.");
    }

    private async Task<double> InAsync(Func<WSManClient> open)
    {
        await using var client = open();
        await using var shell = await client.OpenShellAsync();
        var start = Stopwatch.GetTimestamp();
        await using var command = await shell.StartAsync("wc -c");
        var chunk = new byte[1_000_000];
        var writing = Task.Run(async () =>
        {
            for (var sent = 0L; sent < Bytes; sent += chunk.Length)
            {
                await command.StandardInput.WriteAsync(chunk);
            }

            await command.StandardInput.DisposeAsync();
        });
        using var output = new StreamReader(command.StandardOutput.AsStream());
        var errors = command.StandardError.CopyToAsync(Stream.Null);
        var count = long.Parse(await output.ReadToEndAsync(), System.Globalization.CultureInfo.InvariantCulture);
        await errors;
        await writing;
        return count == Bytes ? Rate(start) : throw new InvalidOperationException($"{count} bytes arrived.");
    }

    private static double Pipe(string line)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start("/bin/sh", ["-c", line]);
        process.WaitForExit();
        return process.ExitCode == 0 ? Rate(start) : throw new InvalidOperationException($"{line} ended with {process.ExitCode}.");
    }

    private static double Rate(long start) => Bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
}
