using System.Globalization;
using System.Text;

namespace Farwire.CommandLine.Bmc;

/// <summary>A sensor's history in characters: one sensor as a chart, several as a line each.</summary>
internal static class TerminalPlot
{
    private const int Width = 60;
    private const int Height = 10;
    private const string Levels = " ▁▂▃▄▅▆▇█";

    public static string Draw(IReadOnlyCollection<PlotSeries> series) => series.Count switch
    {
        0 => "There is no sensor with a number to plot.\n",
        1 => Chart(series.First()),
        _ => string.Concat(series.Select(Line)),
    };

    private static string Chart(PlotSeries series)
    {
        var (least, most) = (series.Least, series.Most);
        var values = Last(series);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{series.Sensor} ({series.Unit})\n");
        for (var row = Height - 1; row >= 0; row--)
        {
            var label = row == Height - 1 ? Number(most) : row == 0 ? Number(least) : "";
            text.Append(CultureInfo.InvariantCulture, $"{label,10} │");
            foreach (var value in values)
            {
                text.Append(Cell(value, least, most, row));
            }

            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"{"",10} └{new string('─', Width)}\n");
        return text.ToString();
    }

    private static string Line(PlotSeries series)
    {
        var cells = string.Concat(Last(series).Select(v => Levels[1 + Share(v, series.Least, series.Most, Levels.Length - 2)]));
        return string.Create(
            CultureInfo.InvariantCulture, $"{series.Host} {series.Sensor,-18} {Number(series.Least),8} … {Number(series.Most),-8} {cells} {Number(series.Points[^1].Value)} {series.Unit}\n");
    }

    // A column of height * 8 eighths, cut into its rows.
    private static char Cell(double value, double least, double most, int row) =>
        Levels[Math.Clamp(1 + Share(value, least, most, (Height * 8) - 1) - (row * 8), 0, 8)];

    // All the same is drawn in the middle.
    private static int Share(double value, double least, double most, int steps) =>
        most > least ? (int)Math.Round((value - least) / (most - least) * steps) : steps / 2;

    private static IEnumerable<double> Last(PlotSeries series) => series.Points.TakeLast(Width).Select(p => p.Value);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
