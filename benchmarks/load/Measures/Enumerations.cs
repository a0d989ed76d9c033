using System.Text;
using Farwire.Benchmarks.Load.Load;
using Farwire.Benchmarks.Load.Servers;

namespace Farwire.Benchmarks.Load.Measures;

/// <summary>Many instances to a client that throws them away: what the service pays, and how soon it begins.</summary>
internal sealed class Enumerations(Table table)
{
    private const string ClassName = "Synthetic_Sample";
    private const int Batch = 1000;

    public async Task RunAsync(string folder)
    {
        var (rate, firstByte, peak) = await MeasureAsync(Path.Combine(folder, "many"), 100_000, 12);
        var (_, _, peakOfFew) = await MeasureAsync(Path.Combine(folder, "few"), 10_000, 120);
        table.AtLeast("enumeration, envelopes a second of service CPU", rate, 200, "MB/s");
        table.AtMost("enumeration, first byte", firstByte, 5, "ms");
        var memory = new Ratios();
        memory.Add(peak, peakOfFew);
        table.AtMost("memory with 100,000 instances against 10,000", memory, 1.1, "MB");
    }

    private static async Task<(double Rate, double FirstByte, double Peak)> MeasureAsync(string folder, int instances, int rounds)
    {
        await using var service = await ServerProcess.OwnAsync("synthetic", folder, instances.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var connection = new Connection(service.Http);
        var firstBytes = new List<double>();
        Enumerate(service, connection); // the first runs make the code
        Enumerate(service, connection);
        var cpu = service.CpuSeconds;
        long bytes = 0;
        for (var round = 0; round < rounds; round++)
        {
            bytes += Enumerate(service, connection, firstBytes);
        }

        return (bytes / 1e6 / (service.CpuSeconds - cpu), Ratios.Middle(firstBytes), service.PeakMegabytes);
    }

    private static long Enumerate(ServerProcess service, Connection connection, List<double>? firstBytes = null)
    {
        var opening = HttpRequest.Render(service.Http, null, service.User, service.Password, HttpRequest.EnumerateBody(ClassName, Batch));
        var answer = connection.Ask(opening);
        firstBytes?.Add(connection.FirstByte.TotalMilliseconds);
        long bytes = answer.Length;
        var pull = HttpRequest.Render(service.Http, null, service.User, service.Password, HttpRequest.PullBody(ClassName, ContextOf(answer), Batch));
        while (answer[^400..].IndexOf("EndOfSequence"u8) < 0)
        {
            answer = connection.Ask(pull);
            bytes += answer.Length;
        }

        return bytes;
    }

    private static string ContextOf(ReadOnlySpan<byte> answer)
    {
        var name = "<n:EnumerationContext>"u8;
        var rest = answer[(answer.IndexOf(name) + name.Length)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'<')]);
    }
}
