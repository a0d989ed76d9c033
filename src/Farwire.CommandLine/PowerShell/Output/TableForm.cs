using System.Globalization;

namespace Farwire.CommandLine.PowerShell.Output;

/// <summary><c>-o table</c>: a column for each property, as wide as what stands in it, and no wider than the terminal.</summary>
/// <remarks>The first objects decide the columns and their widths; those that come later are shown as they come, so a long list starts at once.</remarks>
/// <param name="width">The columns of the terminal.</param>
internal sealed class TableForm(int width) : ObjectForm
{
    private const int DecidingRows = 200;
    private const int NarrowestColumn = 8;

    private readonly List<string[]> _waiting = [];
    private List<Column>? _columns;
    private bool _isDecided;

    public override void Show(TextWriter output, object? value)
    {
        if (ObjectText.PropertiesOf(value) is not { Count: > 0 } properties)
        {
            Decide(output);
            output.WriteLine(ObjectText.OneLine(ObjectText.Of(value)));
            _columns = null;
            return;
        }

        if (_columns is not null && !_columns.Any(c => properties.Any(p => c.Is(p.Key))))
        {
            Decide(output); // another kind of object: another table
            _columns = null;
            output.WriteLine();
        }

        if (_columns is null)
        {
            _columns = [.. properties.Select(p => new Column(p.Key, IsNumber(p.Value)))];
            _isDecided = false;
        }

        string[] row = [.. _columns.Select(c => ObjectText.OneLine(ObjectText.Of(properties.FirstOrDefault(p => c.Is(p.Key)).Value)))];
        if (_isDecided)
        {
            Write(output, row);
            return;
        }

        _waiting.Add(row);
        if (_waiting.Count == DecidingRows)
        {
            Decide(output);
        }
    }

    public override void End(TextWriter output) => Decide(output);

    private void Decide(TextWriter output)
    {
        if (_isDecided || _columns is null)
        {
            return;
        }

        _isDecided = true;
        for (var i = 0; i < _columns.Count; i++)
        {
            var at = i;
            _columns[i].Width = Math.Max(_columns[i].Name.Length, _waiting.Max(r => r[at].Length));
        }

        Narrow(_columns);
        Write(output, [.. _columns.Select(c => c.Name)]);
        Write(output, [.. _columns.Select(c => new string('-', Math.Min(c.Width, c.Name.Length)))]);
        _waiting.ForEach(row => Write(output, row));
        _waiting.Clear();
    }

    // The widest gives first; when nothing can give any more, the last columns are left out.
    private void Narrow(List<Column> columns)
    {
        while (columns.Sum(c => c.Width + 1) - 1 > width && columns.MaxBy(c => c.Width) is { } widest && widest.Width > NarrowestColumn)
        {
            var second = columns.Where(c => c != widest).Select(c => c.Width).DefaultIfEmpty(0).Max();
            var excess = columns.Sum(c => c.Width + 1) - 1 - width;
            widest.Width -= Math.Max(1, Math.Min(excess, widest.Width - Math.Max(second, NarrowestColumn)));
        }

        for (var shown = 0; shown < columns.Count; shown++)
        {
            if (shown > 0 && columns.Take(shown + 1).Sum(c => c.Width + 1) - 1 > width)
            {
                columns.RemoveRange(shown, columns.Count - shown);
            }
        }
    }

    private void Write(TextWriter output, string[] cells) => output.WriteLine(string.Join(' ', _columns!.Select((c, i) => c.Fit(cells[i]))).TrimEnd());

    private static bool IsNumber(object? value) => value is not (bool or char) && value is IConvertible and not string and not DateTime && double.TryParse(
        Convert.ToString(value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out _);

    private sealed class Column(string name, bool isNumber)
    {
        public string Name { get; } = name;

        public int Width { get; set; }

        public bool Is(string property) => property.Equals(Name, StringComparison.OrdinalIgnoreCase);

        public string Fit(string cell)
        {
            var cut = cell.Length > Width ? cell[..(Width - 1)] + "…" : cell;
            return isNumber ? cut.PadLeft(Width) : cut.PadRight(Width);
        }
    }
}
