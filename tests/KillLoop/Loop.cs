using System.Diagnostics;
using System.Text;
using Farwire.Collector.Search;
using Farwire.Collector.Store;

namespace Farwire.KillLoop;

/// <summary>Start, wait a little, kill -9, open, compare.</summary>
internal static class Loop
{
    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"farwire-kill-{Environment.ProcessId}");
        var random = new Random(rounds);
        var acknowledged = new Dictionary<string, long>();
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                var pending = await RoundAsync(folder, random.Next(1, 60), acknowledged);
                await File.WriteAllLinesAsync(folder + ".pending", pending.Select(p => $"{p.Key} {p.Value}"));
                if (await CompareAsync(folder, acknowledged) is { } loss)
                {
                    Console.WriteLine($"round {round}: {loss}");
                    return 1;
                }
            }

            Console.WriteLine($"{rounds} rounds, {acknowledged.Values.Sum()} events acknowledged, none lost, none twice");
            return 0;
        }
        finally
        {
            File.Delete(folder + ".pending");
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    // Answers what was sent and not acknowledged. The victim dies some acknowledgements after its first.
    private static async Task<Dictionary<string, long>> RoundAsync(string folder, int acknowledgements, Dictionary<string, long> acknowledged)
    {
        using var victim = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "KillLoop"), ["write", folder]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.ASCII })!;
        var pending = new Dictionary<string, long>();
        while (await victim.StandardOutput.ReadLineAsync() is { } line)
        {
            var fields = line.Split(' ');
            if (fields is ["sent", var sender, var first])
            {
                pending[sender] = long.Parse(first);
            }
            else if (fields is ["ack", var source, var last])
            {
                pending.Remove(source);
                acknowledged[source] = long.Parse(last);
                if (--acknowledgements == 0)
                {
                    victim.Kill(); // SIGKILL; what it still says until then is read to the end
                }
            }
        }

        await victim.WaitForExitAsync();
        return pending;
    }

    private static async Task<string?> CompareAsync(string folder, Dictionary<string, long> acknowledged)
    {
        await using var store = EventStore.Open(folder);
        var stored = new Dictionary<string, long>();
        await foreach (var found in store.SearchAsync(new EventSearch()))
        {
            var source = found.Origin.Source;
            var id = (long)found.System.RecordId!.Value;
            var expected = stored.GetValueOrDefault(source) + 1;
            if (id != expected)
            {
                return $"{source} has event {id} where {expected} was expected: {(id < expected ? "stored twice" : "a gap")}";
            }

            stored[source] = id;
        }

        foreach (var (source, last) in acknowledged)
        {
            if (stored.GetValueOrDefault(source) < last)
            {
                return $"{source} was told that event {last} is safe; the store ends at {stored.GetValueOrDefault(source)}";
            }
        }

        foreach (var state in store.Sources)
        {
            if (state.Bookmark != $"{stored.GetValueOrDefault(state.Source)}" || state.Events != stored.GetValueOrDefault(state.Source))
            {
                return $"the bookmark of {state.Source} is {state.Bookmark} and its count {state.Events}, but its last event is {stored.GetValueOrDefault(state.Source)}";
            }
        }

        return null;
    }
}
