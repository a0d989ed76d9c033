using Farwire.Client.PowerShell.Records;

namespace Farwire.CommandLine.PowerShell.Output;

/// <summary>The progress of remote work in one line of the terminal, which goes when something else is written.</summary>
internal sealed class ProgressLine(Terminal terminal)
{
    private const int BarWidth = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SortedDictionary<int, ProgressRecord> _works = [];
    private long _shownAt;
    private bool _isShown;

    /// <summary>Shows how far a work is; quick changes are left out.</summary>
    public void Show(ProgressRecord progress)
    {
        if (progress.IsCompleted)
        {
            _works.Remove(progress.ActivityId);
        }
        else
        {
            _works[progress.ActivityId] = progress;
        }

        if (!terminal.ErrorsAreTerminal || (_isShown && terminal.Time.GetElapsedTime(_shownAt) < Pause && _works.Count > 0))
        {
            return;
        }

        if (_works.Count == 0)
        {
            Clear();
            return;
        }

        var width = terminal.Size().Columns - 1;
        var line = ObjectText.OneLine(string.Join(" › ", _works.Values.Select(Text)));
        terminal.Errors.Write($"\r{(line.Length > width ? line[..Math.Max(0, width - 1)] + "…" : line)}\x1B[K");
        terminal.Errors.Flush();
        _isShown = true;
        _shownAt = terminal.Time.GetTimestamp();
    }

    /// <summary>Takes the line away, so that others can write.</summary>
    public void Clear()
    {
        if (_isShown)
        {
            terminal.Errors.Write("\r\x1B[K");
            terminal.Errors.Flush();
            _isShown = false;
        }
    }

    /// <summary>Forgets the works, as at the end of a pipeline.</summary>
    public void End()
    {
        _works.Clear();
        Clear();
    }

    private static string Text(ProgressRecord progress)
    {
        var said = progress.StatusDescription.Length > 0 ? $"{progress.Activity}: {progress.StatusDescription}" : progress.Activity;
        if (progress.PercentComplete is >= 0 and <= 100 and var percent)
        {
            var done = percent * BarWidth / 100;
            said += $" [{new string('#', done)}{new string(' ', BarWidth - done)}] {percent} %";
        }

        return progress.SecondsRemaining > 0 ? $"{said} {TimeSpan.FromSeconds(progress.SecondsRemaining):c} left" : said;
    }
}
