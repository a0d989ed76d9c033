using System.Diagnostics;
using System.Globalization;
using System.Text;
using Farwire.Ipmi;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Session;

namespace Farwire.Benchmarks.Ipmi;

/// <summary>Many controllers, each polled every ten seconds by one process: processor time, memory, and polls that were late.</summary>
internal static class PollMany
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(int count, int seconds)
    {
        using var controllers = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(PollMany).Assembly.Location, "controllers", count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var ports = new int[count];
        for (var i = 0; i < count; i++)
        {
            ports[i] = int.Parse((await controllers.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        }

        var cache = new MemorySdrCache();
        var (polls, late, failed, longest) = (0, 0, 0, 0L);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var start = Stopwatch.GetTimestamp();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.WhenAll(ports.Select(async (port, i) =>
        {
            await using var client = IpmiClient.OverLan(
                new LanOptions { Host = "127.0.0.1", Port = port, User = "admin", Password = Encoding.UTF8.GetBytes("secret-pw") }, cache: cache);

            // Spread over the period, as a service does that does not want to ask all at once.
            var due = start + (long)(Period.TotalSeconds * Stopwatch.Frequency * i / count);
            while (true)
            {
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                try
                {
                    await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, end.Token);
                    var readings = await client.Sensors.ReadAllAsync(cancellationToken: end.Token);
                    failed += readings.All(r => r.IsAvailable) ? 0 : 1;
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (IpmiException)
                {
                    Interlocked.Increment(ref failed);
                }

                var behind = Stopwatch.GetElapsedTime(due);
                Interlocked.Increment(ref polls);
                if (behind > Late)
                {
                    Interlocked.Increment(ref late);
                }

                longest = Math.Max(longest, behind.Ticks);
                due += (long)(Period.TotalSeconds * Stopwatch.Frequency);
            }
        }));
        var used = Process.GetCurrentProcess().TotalProcessorTime - processor;
        var elapsed = Stopwatch.GetElapsedTime(start);
        controllers.StandardInput.Close();
        await controllers.WaitForExitAsync();

        Console.WriteLine();
        Console.WriteLine($"{"controllers",11} {"polls",7} {"late",5} {"failed",6} {"longest",9} {"CPU",9} {"of a core",9} {"memory",9}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count,11} {polls,7} {late,5} {failed,6} {new TimeSpan(longest).TotalMilliseconds,7:F0}ms {used.TotalSeconds,8:F1}s {used / elapsed,9:P1} {Process.GetCurrentProcess().WorkingSet64 / 1048576,7}MB"));
    }
}
