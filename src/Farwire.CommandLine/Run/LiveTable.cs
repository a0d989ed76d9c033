using System.Globalization;

namespace Farwire.CommandLine.Run;

/// <summary>The hosts of a run while it lasts, redrawn below what they write: on a terminal only.</summary>
/// <remarks>Whoever writes beside it does so through it, so that no line stands in the middle of another.</remarks>
internal sealed class LiveTable(Terminal terminal, int hosts, TimeProvider time, bool isShown)
{
    private const int MaxRows = 8;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<(string Host, long Since)> _running = [];
    private int _good;
    private int _failed;
    private int _drawn;
    private long _drawnAt;

    public void Start(string host)
    {
        lock (_lock)
        {
            _running.Add((host, time.GetTimestamp()));
            Redraw(force: false);
        }
    }

    public void End(HostOutcome outcome)
    {
        lock (_lock)
        {
            _running.RemoveAll(row => row.Host == outcome.Host.Name);
            (_good, _failed) = outcome.IsGood ? (_good + 1, _failed) : (_good, _failed + 1);
            Redraw(force: false);
        }
    }

    /// <summary>Writes above the table.</summary>
    public void Write(Stream to, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            Erase();
            to.Write(prefix);
            to.Write(line);
            to.Flush();
            Redraw(force: _drawn > 0);
        }
    }

    /// <summary>Writes a line of talk above the table.</summary>
    public void Tell(string line)
    {
        lock (_lock)
        {
            Erase();
            terminal.Errors.WriteLine(line);
            Redraw(force: false);
        }
    }

    /// <summary>Takes the table away.</summary>
    public void Close()
    {
        lock (_lock)
        {
            Erase();
            isShown = false;
        }
    }

    private void Redraw(bool force)
    {
        if (!isShown || (!force && _drawn > 0 && time.GetElapsedTime(_drawnAt) < Pace))
        {
            return;
        }

        Erase();
        var (columns, _) = terminal.Size();
        var rows = _running.Take(MaxRows).Select(row => $"  {row.Host}  {Seconds(row.Since)} s").ToList();
        if (_running.Count > MaxRows)
        {
            rows.Add($"  and {_running.Count - MaxRows} more");
        }

        rows.Add($"{_good + _failed} of {hosts} hosts done, {_failed} failed");
        rows.ForEach(row => terminal.Errors.WriteLine(row.Length < columns ? row : row[..(columns - 1)]));
        (_drawn, _drawnAt) = (rows.Count, time.GetTimestamp());
    }

    // Up by as many lines as were drawn, and all below is gone (ECMA-48, CUU and ED).
    private void Erase()
    {
        if (_drawn > 0)
        {
            terminal.Errors.Write($"\u001b[{_drawn}A\u001b[J");
            _drawn = 0;
        }
    }

    private string Seconds(long since) => time.GetElapsedTime(since).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
