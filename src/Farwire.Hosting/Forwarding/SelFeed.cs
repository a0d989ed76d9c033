using System.Net.Sockets;
using Farwire.Hosting.Hardware;
using Farwire.Linux.Journal;
using Farwire.Providers.Hardware.Bmc;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Forwarding;

/// <summary>Puts the records of management controllers' event logs into the journal, where they are the channel HardwareEvents.</summary>
/// <remarks>What was read stands in a file, written after the entries: a crash between the two brings the last records twice, and loses none.</remarks>
internal sealed class SelFeed : IAsyncDisposable
{
    /// <summary>The field that says so of an entry.</summary>
    private const string Mark = "FARWIRE_SEL";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Controllers _controllers;
    private readonly JournalWriter _journal;
    private readonly string _marksFile;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private SelFeed(Controllers controllers, JournalWriter journal, string marksFile, TimeProvider time, ILogger logger)
    {
        (_controllers, _journal, _marksFile, _time, _logger) = (controllers, journal, marksFile, time, logger);
        _run = controllers.HasAny ? Task.Run(RunAsync) : Task.CompletedTask;
    }

    /// <summary>Begins; without a controller there is nothing to do.</summary>
    public static SelFeed Start(HardwareOptions? hardware, JournalWriter journal, string folder, TimeProvider time, ILogger logger) =>
        new(new Controllers(hardware ?? HardwareOptions.OfThisMachine(), logger: logger), journal, Path.Combine(folder, "sel-marks"), time, logger);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        await _controllers.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var marks = ReadMarks();
        var follower = new LogFollower(_controllers, marks, fromEarliest: true);
        try
        {
            while (true)
            {
                var entries = await follower.ReadNewAsync(_stop.Token).ConfigureAwait(false);
                foreach (var entry in entries)
                {
                    await WriteAsync(entry).ConfigureAwait(false);
                }

                if (entries.Count > 0)
                {
                    KeepMarks(follower.Marks);
                }

                await Task.Delay(Interval, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It stops.
        }
    }

    private async Task WriteAsync(LogEntry entry)
    {
        while (true)
        {
            try
            {
                _journal.Write((Mark, "1"), ("SYSLOG_IDENTIFIER", "Farwire-IPMI"), ("MESSAGE", EventText.Of(entry, _time.GetUtcNow())));
                return;
            }
            catch (SocketException e)
            {
                Log.SelNotKept(_logger, e);
                await Task.Delay(Interval, _time, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    // A line a machine: its mark, a blank, its name.
    private Dictionary<string, string> ReadMarks()
    {
        try
        {
            return File.ReadLines(_marksFile).Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[1], parts => parts[0], StringComparer.OrdinalIgnoreCase);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private void KeepMarks(IEnumerable<(string System, string Mark)> marks)
    {
        try
        {
            var aside = _marksFile + ".new";
            File.WriteAllLines(aside, marks.Select(mark => $"{mark.Mark} {mark.System}"));
            File.Move(aside, _marksFile, overwrite: true);
        }
        catch (IOException e)
        {
            Log.SelMarksNotKept(_logger, e); // a full disk: the next records try again
        }
    }
}
