using System.Globalization;
using System.Text;

namespace Farwire.Benchmarks.Load.Measures;

/// <summary>The result, in Markdown: printed line by line as it comes.</summary>
internal sealed class Table(TextWriter output)
{
    private static readonly string[] Columns = ["measured", "ours", "compared with", "result", "wanted", ""];

    public bool AllMet { get; private set; } = true;

    public void Start() => output.WriteLine($"{Row(Columns)}\n{Row([.. Columns.Select(_ => "---")])}");

    /// <summary>A ratio that must be <paramref name="least"/> or more.</summary>
    public void AtLeast(string what, Ratios ratios, double least, string unit) =>
        Add(what, Number(ratios.Ours, unit), Number(ratios.Theirs, unit), ratios.ToString(), $"≥ {Number(least)}", ratios.Median >= least);

    /// <summary>A ratio that must be <paramref name="most"/> or less.</summary>
    public void AtMost(string what, Ratios ratios, double most, string unit) =>
        Add(what, Number(ratios.Ours, unit), Number(ratios.Theirs, unit), ratios.ToString(), $"≤ {Number(most)}", ratios.Median <= most);

    /// <summary>A figure of ours that stands alone.</summary>
    public void AtLeast(string what, double value, double least, string unit) =>
        Add(what, Number(value, unit), "", "", $"≥ {Number(least, unit)}", value >= least);

    /// <summary>A figure of ours that stands alone.</summary>
    public void AtMost(string what, double value, double most, string unit) =>
        Add(what, Number(value, unit), "", "", $"≤ {Number(most, unit)}", value <= most);

    /// <summary>A figure that nothing is asked of.</summary>
    public void Tell(string what, double ours, string unit, double? theirs = null) =>
        Add(what, Number(ours, unit), theirs is { } t ? Number(t, unit) : "", theirs is { } r ? Number(ours / r) : "", "", null);

    private void Add(string what, string ours, string theirs, string result, string wanted, bool? met)
    {
        AllMet &= met is not false;
        output.WriteLine(Row([what, ours, theirs, result, wanted, met switch { true => "met", false => "MISSED", null => "" }]));
    }

    private static string Number(double value, string unit = "") => string.Create(
        CultureInfo.InvariantCulture, $"{(value >= 1000 ? value.ToString("#,0", CultureInfo.InvariantCulture) : value >= 20 ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("0.##", CultureInfo.InvariantCulture))}{(unit.Length > 0 ? " " : "")}{unit}");

    private static string Row(string[] cells)
    {
        int[] widths = [44, 16, 16, 18, 12, 6];
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            line.Append("| ").Append(cells[i] == "---" ? new string('-', widths[i]) : cells[i].PadRight(widths[i])).Append(' ');
        }

        return line.Append('|').ToString();
    }
}
