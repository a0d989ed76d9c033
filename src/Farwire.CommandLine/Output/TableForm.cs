using System.Text;
using System.Text.Json;

namespace Farwire.CommandLine.Output;

/// <summary><c>-o table</c>: names above, values below. The first rows say how wide a column is; the others follow as they arrive.</summary>
/// <param name="json">Reads the items.</param>
/// <param name="width">The terminal's; null when nobody looks.</param>
internal sealed class TableForm(JsonForm json, int? width) : IOutputForm
{
    private const int Sample = 100;
    private const int MaxCell = 40;
    private const string Gap = "  ";

    private readonly List<IReadOnlyList<string>> _waiting = [];
    private List<string> _columns = [];
    private List<int>? _widths;
    private bool _isList;

    public void StartList(TextWriter output) => _isList = true;

    public void Show(TextWriter output, string element)
    {
        using var document = JsonDocument.Parse(json.Bytes(element));
        var item = document.RootElement;
        if (_columns.Count == 0)
        {
            _columns = [.. item.EnumerateObject().Select(property => property.Name).Where(name => name is not ("@class" or "@namespace"))];
        }

        IReadOnlyList<string> row = [.. _columns.Select(column => item.TryGetProperty(column, out var value) ? Printable(Cell.Text(value)) : "")];
        if (_widths is not null)
        {
            Write(output, row);
            return;
        }

        _waiting.Add(row);
        if (!_isList || _waiting.Count == Sample)
        {
            EndList(output);
        }
    }

    public void EndList(TextWriter output)
    {
        if (_widths is not null || _waiting.Count == 0)
        {
            return;
        }

        _widths = [.. _columns.Select((column, at) => Math.Min(MaxCell, Math.Max(column.Length, _waiting.Max(row => row[at].Length))))];
        Fit();
        Write(output, [.. _columns.Select(column => column.ToUpperInvariant())]);
        _waiting.ForEach(row => Write(output, row));
        _waiting.Clear();
    }

    // Columns that say nothing go first when there is no room, then the last ones.
    private void Fit()
    {
        if (width is not { } room)
        {
            return;
        }

        for (var at = _columns.Count - 1; at > 0 && Total() > room; at--)
        {
            if (_waiting.All(row => row[at].Length == 0))
            {
                _widths![at] = 0;
            }
        }

        for (var at = _columns.Count - 1; at > 0 && Total() > room; at--)
        {
            _widths![at] = 0;
        }

        int Total() => _widths!.Where(w => w > 0).Sum(w => w + Gap.Length);
    }

    private void Write(TextWriter output, IReadOnlyList<string> row)
    {
        var line = new StringBuilder();
        for (var at = 0; at < row.Count; at++)
        {
            if (_widths![at] is > 0 and var room)
            {
                line.Append(row[at].Length <= room ? row[at].PadRight(room) : row[at][..(room - 1)] + "\u2026").Append(Gap);
            }
        }

        output.WriteLine(line.ToString().TrimEnd());
    }

    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
