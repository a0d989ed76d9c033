using System.Diagnostics;
using System.Text;
using Farwire.Benchmarks.Load.Measures;
using Farwire.Benchmarks.Load.Servers;
using Farwire.Client.Shells;
using Farwire.Protocol.Compression;

namespace Farwire.Benchmarks.Shells;

/// <summary>xpress: how much smaller the output of commands becomes, and how fast, in one thread and through the service.</summary>
internal sealed class Packing(Table table, ServerProcess service)
{
    private const int PieceBytes = 256 * 1024;
    private const string Line = "find /usr -ls 2>/dev/null | head -c 60000000";

    public async Task RunAsync()
    {
        var text = await OutputAsync(compression: false);
        var pieces = text.Chunk(PieceBytes).ToArray();
        var packed = pieces.Select(piece => XpressStream.Compress(piece).ToArray()).ToArray();
        table.AtLeast("xpress, a listing of files, times smaller", (double)text.Length / packed.Sum(piece => piece.Length), 2, "");
        table.AtLeast("  packed, MB of plain text a second", Rate(text.Length, () => Array.ForEach(pieces, piece => XpressStream.Compress(piece))), 50, "MB/s");
        table.AtLeast("  unpacked", Rate(text.Length, () => Array.ForEach(packed, piece => XpressStream.Decompress(piece, PieceBytes))), 100, "MB/s");
        var start = Stopwatch.GetTimestamp();
        await OutputAsync(compression: true);
        table.Tell("  through the service over TLS, to the client", text.Length / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds, "MB/s");
    }

    private static double Rate(long bytes, Action work)
    {
        work();
        var rates = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            rates.Add(bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Ratios.Middle(rates);
    }

    private async Task<byte[]> OutputAsync(bool compression)
    {
        await using var client = Clients.Of(service);
        await using var shell = await client.OpenShellAsync(new ShellSettings { Compression = compression });
        var outcome = await shell.RunAsync(Line);
        return outcome.ExitCode == 0 ? Encoding.UTF8.GetBytes(outcome.StandardOutput) : throw new InvalidOperationException(outcome.StandardError);
    }
}
