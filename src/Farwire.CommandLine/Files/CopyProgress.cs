using System.Globalization;
using Farwire.Client.Files;
using Farwire.CommandLine.PowerShell.Output;

namespace Farwire.CommandLine.Files;

/// <summary>One line of the terminal that says how far a copy is: share, bytes, files, rate, time left.</summary>
internal sealed class CopyProgress(Terminal terminal) : IProgress<FileProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _start = terminal.Time.GetTimestamp();
    private long _shownAt;
    private bool _isShown;

    public void Report(FileProgress value)
    {
        if (!terminal.ErrorsAreTerminal)
        {
            return;
        }

        lock (_lock)
        {
            if (_isShown && terminal.Time.GetElapsedTime(_shownAt) < Pause && value.Bytes < value.TotalBytes)
            {
                return;
            }

            var line = ObjectText.OneLine(Line(value, terminal.Time.GetElapsedTime(_start)));
            var width = terminal.Size().Columns - 1;
            terminal.Errors.Write($"\r{(line.Length > width ? line[..Math.Max(0, width - 1)] + "…" : line)}\x1B[K");
            terminal.Errors.Flush();
            (_isShown, _shownAt) = (true, terminal.Time.GetTimestamp());
        }
    }

    public void Clear()
    {
        if (_isShown)
        {
            terminal.Errors.Write("\r\x1B[K");
            terminal.Errors.Flush();
            _isShown = false;
        }
    }

    /// <summary><c> 45 %  450.0/1000.0 MB  12/27 files  96.1 MB/s  0:06 left  name</c></summary>
    internal static string Line(FileProgress now, TimeSpan elapsed)
    {
        var rate = now.Bytes / Math.Max(elapsed.TotalSeconds, 0.001);
        var left = rate > 0 ? TimeSpan.FromSeconds(Math.Min((now.TotalBytes - now.Bytes) / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : TimeSpan.Zero;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(now.TotalBytes > 0 ? 100 * now.Bytes / now.TotalBytes : 100),3} %  {now.Bytes / 1e6:0.0}/{now.TotalBytes / 1e6:0.0} MB  {now.Files}/{now.TotalFiles} files  {rate / 1e6:0.0} MB/s  {(int)left.TotalMinutes}:{left.Seconds:00} left  {now.Path}");
    }
}
