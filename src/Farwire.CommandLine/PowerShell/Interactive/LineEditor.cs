using System.Text;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>What can stand in a line in place of a part of it.</summary>
/// <param name="Start">Where the part begins.</param>
/// <param name="Length">Its length.</param>
/// <param name="Texts">What can stand there.</param>
internal sealed record Completion(int Start, int Length, IReadOnlyList<string> Texts);

/// <summary>Reads a line at the terminal, with the keys of other shells: arrows, history, Tab, Ctrl-A E K U W L C D.</summary>
/// <param name="terminal">Where the line is shown.</param>
/// <param name="history">What was typed before.</param>
/// <param name="keys">Waits for a key.</param>
/// <param name="complete">Asks what can stand at the cursor.</param>
internal sealed class LineEditor(Terminal terminal, LineHistory history, Func<ConsoleKeyInfo> keys, Func<string, int, Completion?> complete)
{
    private const int ShownCompletions = 100;

    private readonly StringBuilder _line = new();
    private string _prompt = "";
    private int _cursor;
    private int _row;
    private int _past;
    private string _present = "";
    private (Completion Completion, int Index, string Tail)? _cycle;

    /// <summary>Reads a line; null at the end of the input (Ctrl-D), empty when it was given up (Ctrl-C).</summary>
    public string? Read(string prompt)
    {
        _line.Clear();
        (_prompt, _cursor, _row, _past, _cycle) = (prompt, 0, 0, history.Count, null);
        Draw();
        while (true)
        {
            var key = keys();
            if (key.Key == ConsoleKey.Tab)
            {
                Complete(key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? -1 : 1);
                continue;
            }

            _cycle = null;
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    _cursor = _line.Length;
                    Draw();
                    EndLine("");
                    return _line.ToString();
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                    EndLine("^C");
                    return "";
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _line.Length == 0:
                    EndLine("");
                    return null;
                default:
                    Edit(key);
                    break;
            }

            Draw();
        }
    }

    private void Edit(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow or ConsoleKey.B when control || key.Key == ConsoleKey.LeftArrow: _cursor = control && key.Key == ConsoleKey.LeftArrow ? WordStart() : Before(); break;
            case ConsoleKey.RightArrow or ConsoleKey.F when control || key.Key == ConsoleKey.RightArrow: _cursor = control && key.Key == ConsoleKey.RightArrow ? WordEnd() : After(); break;
            case ConsoleKey.Home or ConsoleKey.A when control || key.Key == ConsoleKey.Home: _cursor = 0; break;
            case ConsoleKey.End or ConsoleKey.E when control || key.Key == ConsoleKey.End: _cursor = _line.Length; break;
            case ConsoleKey.UpArrow or ConsoleKey.P when control || key.Key == ConsoleKey.UpArrow: Recall(-1); break;
            case ConsoleKey.DownArrow or ConsoleKey.N when control || key.Key == ConsoleKey.DownArrow: Recall(1); break;
            case ConsoleKey.Backspace or ConsoleKey.H when control || key.Key == ConsoleKey.Backspace: Remove(Before(), _cursor); break;
            case ConsoleKey.Delete: Remove(_cursor, After()); break;
            case ConsoleKey.D when control: Remove(_cursor, After()); break;
            case ConsoleKey.K when control: Remove(_cursor, _line.Length); break;
            case ConsoleKey.U when control: Remove(0, _cursor); break;
            case ConsoleKey.W when control: Remove(WordStart(), _cursor); break;
            case ConsoleKey.L when control: terminal.Output.Write("\x1B[H\x1B[2J"); _row = 0; break;
            case ConsoleKey.Escape: Remove(0, _line.Length); break;
            default:
                if (!char.IsControl(key.KeyChar) && !control)
                {
                    _line.Insert(_cursor++, key.KeyChar);
                }

                break;
        }
    }

    private int Before() => _cursor == 0 ? 0 : _cursor - (_cursor > 1 && char.IsLowSurrogate(_line[_cursor - 1]) ? 2 : 1);

    private int After() => _cursor == _line.Length ? _cursor : _cursor + (_cursor + 1 < _line.Length && char.IsHighSurrogate(_line[_cursor]) ? 2 : 1);

    private int WordStart()
    {
        var at = _cursor;
        while (at > 0 && char.IsWhiteSpace(_line[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(_line[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordEnd()
    {
        var at = _cursor;
        while (at < _line.Length && char.IsWhiteSpace(_line[at]))
        {
            at++;
        }

        while (at < _line.Length && !char.IsWhiteSpace(_line[at]))
        {
            at++;
        }

        return at;
    }

    private void Remove(int from, int to)
    {
        _line.Remove(from, to - from);
        _cursor = from;
    }

    // What was begun is kept at the end of the history.
    private void Recall(int step)
    {
        var to = _past + step;
        if (to < 0 || to > history.Count)
        {
            return;
        }

        if (_past == history.Count)
        {
            _present = _line.ToString();
        }

        _past = to;
        Replace(to == history.Count ? _present : history[to]);
    }

    private void Replace(string line)
    {
        _line.Clear().Append(line);
        _cursor = _line.Length;
    }

    // First what all have in common, then a list, then one after the other.
    private void Complete(int step)
    {
        if (_cycle is { } cycle)
        {
            var count = cycle.Completion.Texts.Count;
            Put(cycle.Completion, cycle.Completion.Texts[((cycle.Index % count) + count) % count], cycle.Tail);
            _cycle = cycle with { Index = cycle.Index + step };
            Draw();
            return;
        }

        if (complete(_line.ToString(), _cursor) is not { Texts.Count: > 0 } found || found.Start < 0 || found.Length < 0 || found.Start + found.Length > _line.Length)
        {
            terminal.Output.Write('\a');
            terminal.Output.Flush();
            return;
        }

        var tail = _line.ToString(found.Start + found.Length, _line.Length - found.Start - found.Length);
        var common = found.Texts.Aggregate(Common);
        if (found.Texts.Count == 1 || common.Length > found.Length)
        {
            Put(found, common, tail);
        }
        else
        {
            List(found.Texts);
            _cycle = (found, step > 0 ? 0 : -1, tail);
        }

        Draw();
    }

    private void Put(Completion found, string text, string tail)
    {
        Replace(_line.ToString(0, found.Start) + text);
        _line.Append(tail);
    }

    private void List(IReadOnlyList<string> texts)
    {
        EndLine("");
        var width = Math.Min(texts.Take(ShownCompletions).Max(TextWidth.Of) + 2, terminal.Size().Columns);
        var columns = Math.Max(1, terminal.Size().Columns / width);
        foreach (var row in texts.Take(ShownCompletions).Chunk(columns))
        {
            terminal.Output.WriteLine(string.Concat(row.Select(t => t.PadRight(width))).TrimEnd());
        }

        if (texts.Count > ShownCompletions)
        {
            terminal.Output.WriteLine($"… {texts.Count - ShownCompletions} more");
        }

        _row = 0;
    }

    private static string Common(string a, string b)
    {
        var length = 0;
        while (length < a.Length && length < b.Length && char.ToUpperInvariant(a[length]) == char.ToUpperInvariant(b[length]))
        {
            length++;
        }

        return a[..length];
    }

    private void EndLine(string text)
    {
        terminal.Output.Write(text + "\r\n");
        terminal.Output.Flush();
    }

    // From the first row of the line all is written again: what is to the right and below is cleared.
    private void Draw()
    {
        var width = Math.Max(1, terminal.Size().Columns);
        var shown = _line.ToString().Replace("\n", "⏎", StringComparison.Ordinal);
        var before = TextWidth.Of(_prompt) + TextWidth.Of(shown.AsSpan(0, _cursor));
        var all = before + TextWidth.Of(shown.AsSpan(_cursor));
        var text = new StringBuilder();
        text.Append(_row > 0 ? $"\x1B[{_row}A" : "").Append('\r').Append("\x1B[J").Append(_prompt).Append(shown);
        if (all > 0 && all % width == 0)
        {
            text.Append("\r\n"); // the cursor stands behind the last column, and belongs into the next row
        }

        var up = (all / width) - (before / width);
        text.Append(up > 0 ? $"\x1B[{up}A" : "").Append('\r').Append(before % width > 0 ? $"\x1B[{before % width}C" : "");
        _row = before / width;
        terminal.Output.Write(text);
        terminal.Output.Flush();
    }
}
