using System.Diagnostics;
using Farwire.Benchmarks.Load.Load;
using Farwire.Benchmarks.Load.Servers;

namespace Farwire.Benchmarks.Load.Measures;

/// <summary>The command as a process, from start to end, against a bare program that asks the same.</summary>
internal sealed class CommandStart(Table table, int pairs)
{
    public async Task RunAsync(string folder)
    {
        await using var service = await ServerProcess.DaemonAsync(Path.Combine(folder, "commands"));
        var times = new Ratios();
        for (var pair = -2; pair < pairs; pair++)
        {
            var ours = Time(Built.Command, "winrm", "identify", "--connect", service.ConnectionPath);
            var bare = Time(Built.BareClient, service.Https!.ToString(), service.User, service.Password, service.CertificateSha256, HttpRequest.IdentifyBody);
            if (pair >= 0)
            {
                times.Add(ours, bare);
            }
        }

        table.AtMost("winrm identify over TLS, whole process", times, 1.3, "ms");
    }

    private static double Time(string file, params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(started).TotalMilliseconds
            : throw new InvalidOperationException($"{file} ended with {process.ExitCode}.");
    }
}
