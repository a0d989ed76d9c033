using Farwire.Benchmarks.Load.Load;
using Farwire.Benchmarks.Load.Servers;

namespace Farwire.Benchmarks.Load.Measures;

/// <summary>Requests a second against bare Kestrel, in slices that alternate; latency; memory.</summary>
internal sealed class Requests(Table table, TimeSpan slice, int pairs)
{
    private static readonly string Get = HttpRequest.GetBody("Win32_OperatingSystem");

    public async Task RunAsync(string folder)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await using var service = await ServerProcess.DaemonAsync(Path.Combine(folder, "service"));
        var identify = Ask(service, HttpRequest.IdentifyBody);
        var sinceStart = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var get = Ask(service, Get);
        var referenceFolder = Directory.CreateDirectory(Path.Combine(folder, "reference")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(referenceFolder, "identify.xml"), identify);
        await File.WriteAllBytesAsync(Path.Combine(referenceFolder, "get.xml"), get);
        await using var reference = await ServerProcess.OwnAsync("reference", referenceFolder);

        table.Tell("start of the service to its first answer", sinceStart, "ms");
        await Task.Delay(TimeSpan.FromSeconds(25)); // it rests when it has done nothing for ten seconds, and looks every ten
        table.AtMost("memory of the service at rest", service.ResidentMegabytes, 60, "MB");
        service.ForgetPeak();
        Rates("Identify, HTTP, 64 connections", service, reference, HttpRequest.IdentifyBody, "/identify", tls: false, 0.7);
        Rates("Identify, HTTPS, 64 connections", service, reference, HttpRequest.IdentifyBody, "/identify", tls: true, 0.7);
        Rates("Get Win32_OperatingSystem, HTTP, 64", service, reference, Get, "/get", tls: false, 0.4);
        Rates("Get Win32_OperatingSystem, HTTPS, 64", service, reference, Get, "/get", tls: true, 0.4);
        Scaling("Identify, 256 connections against 64", service, HttpRequest.IdentifyBody);
        Scaling("Get, 256 connections against 64", service, Get);
        Latency("Identify, p99 at 16 connections", service, reference, HttpRequest.IdentifyBody, "/identify");
        Latency("Get, p99 at 16 connections", service, reference, Get, "/get");
        table.AtMost("memory of the service under this load", service.PeakMegabytes, 140, "MB");
        table.Tell("memory of the reference under its share", reference.PeakMegabytes, "MB");
    }

    private void Rates(string what, ServerProcess service, ServerProcess reference, string body, string path, bool tls, double least)
    {
        using var ours = Connect(service, null, body, 64, tls);
        using var theirs = Connect(reference, path, body, 64, tls);
        var rates = new Ratios();
        double ourCpu = 0, theirCpu = 0;
        long ourAnswers = 0, theirAnswers = 0;
        Alternate(
            () => ours.Run(slice),
            () => theirs.Run(slice),
            (a, b) => rates.Add(a.Rate, b.Rate),
            () => (ourCpu, theirCpu) = (-service.CpuSeconds, -reference.CpuSeconds),
            (a, b) => (ourAnswers, theirAnswers) = (ourAnswers + a.Answers, theirAnswers + b.Answers));
        ourCpu += service.CpuSeconds;
        theirCpu += reference.CpuSeconds;
        table.AtLeast(what, rates, least, "/s");
        table.Tell("  processor time a request", ourCpu / ourAnswers * 1e6, "µs", theirCpu / theirAnswers * 1e6);
    }

    private void Scaling(string what, ServerProcess service, string body)
    {
        using var many = Connect(service, null, body, 256, tls: false);
        using var few = Connect(service, null, body, 64, tls: false);
        var rates = new Ratios();
        Alternate(() => many.Run(slice), () => few.Run(slice), (a, b) => rates.Add(a.Rate, b.Rate));
        table.AtLeast(what, rates, 0.8, "/s");
    }

    private void Latency(string what, ServerProcess service, ServerProcess reference, string body, string path)
    {
        using var ours = Connect(service, null, body, 16, tls: false);
        using var theirs = Connect(reference, path, body, 16, tls: false);
        var latencies = new Ratios();
        Alternate(() => ours.Run(slice), () => theirs.Run(slice), (a, b) => latencies.Add(a.Percentile(0.99), b.Percentile(0.99)));
        table.AtMost(what, latencies, 3, "ms");
    }

    // Each pair in the other order than the one before: a drift of the machine favours nobody. The first pairs warm up: code that is called often is
    // compiled again, better, while it runs.
    private void Alternate(Func<Slice> ours, Func<Slice> theirs, Action<Slice, Slice> compare, Action? warm = null, Action<Slice, Slice>? count = null)
    {
        for (var warming = 0; warming < 4; warming++)
        {
            _ = ours();
            _ = theirs();
        }

        warm?.Invoke();
        for (var pair = 0; pair < pairs; pair++)
        {
            Slice a, b;
            if (pair % 2 == 0)
            {
                a = ours();
                b = theirs();
            }
            else
            {
                b = theirs();
                a = ours();
            }

            compare(a, b);
            count?.Invoke(a, b);
        }
    }

    private static ILoad Connect(ServerProcess server, string? path, string body, int connections, bool tls)
    {
        var address = tls ? server.Https! : server.Http;
        var request = HttpRequest.Render(address, path, server.User, server.Password, body);
        return tls ? new TlsLoad(address, server.CertificateSha256, request, connections) : new PlainLoad(address, request, connections);
    }

    /// <summary>The body of one answer.</summary>
    private static byte[] Ask(ServerProcess server, string body)
    {
        using var connection = new Connection(server.Http);
        return connection.Ask(HttpRequest.Render(server.Http, null, server.User, server.Password, body)).ToArray();
    }
}
