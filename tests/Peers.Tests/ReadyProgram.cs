using System.Diagnostics;
using System.Text;

namespace Farwire.Peers.Tests;

/// <summary>Starts a built service, in whatever role and under whatever command.</summary>
internal static class ReadyProgram
{
    /// <summary>Starts it; ends when it says that it is ready.</summary>
    /// <param name="log">Takes all that it says, also later; locked while it is written.</param>
    /// <param name="environment">What its environment holds beside that of the tests.</param>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public static async Task<Process> StartAsync(string program, IEnumerable<string> words, StringBuilder log, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            string said;
            lock (log)
            {
                log.AppendLine(line.Data);
                said = line.Data is null ? log.ToString() : line.Data;
            }

            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"{string.Join(' ', [program, .. words])} ended: {said}"));
            }
            else if (said.Contains("ready at", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginErrorReadLine();
        await ready.Task;
        return process;
    }
}
