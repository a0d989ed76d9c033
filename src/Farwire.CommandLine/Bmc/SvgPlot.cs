using System.Globalization;
using System.Net;
using System.Text;
using Farwire.Ipmi.Sensor;

namespace Farwire.CommandLine.Bmc;

/// <summary>Sensors' histories as a picture: one panel a sensor, its thresholds as dashed lines.</summary>
internal static class SvgPlot
{
    private const int Width = 720;
    private const int Panel = 180;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 30;
    private const int Bottom = 30;

    private static readonly (ThresholdMask Mask, string Color)[] Lines =
    [
        (ThresholdMask.UpperNonRecoverable, "#7b1fa2"), (ThresholdMask.UpperCritical, "#c62828"), (ThresholdMask.UpperNonCritical, "#ef6c00"),
        (ThresholdMask.LowerNonCritical, "#ef6c00"), (ThresholdMask.LowerCritical, "#c62828"), (ThresholdMask.LowerNonRecoverable, "#7b1fa2"),
    ];

    public static string Draw(IReadOnlyCollection<PlotSeries> series)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Math.Max(1, series.Count) * Panel}" font-family="sans-serif" font-size="12">""").Append('\n');
        var top = 0;
        foreach (var one in series)
        {
            DrawPanel(svg, one, top);
            top += Panel;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawPanel(StringBuilder svg, PlotSeries series, int top)
    {
        var thresholds = Lines.Select(l => (l.Color, Value: series.Thresholds?[l.Mask])).Where(l => l.Value is not null).Select(l => (l.Color, Value: l.Value!.Value)).ToList();
        var least = Math.Min(series.Least, thresholds.Select(t => t.Value).DefaultIfEmpty(series.Least).Min());
        var most = Math.Max(series.Most, thresholds.Select(t => t.Value).DefaultIfEmpty(series.Most).Max());
        if (most <= least)
        {
            (least, most) = (least - 1, most + 1);
        }

        var (first, last) = (series.Points[0].Time, series.Points[^1].Time);
        var seconds = Math.Max(1, (last - first).TotalSeconds);
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="{top + 18}">{WebUtility.HtmlEncode(series.Host)} {WebUtility.HtmlEncode(series.Sensor)} ({WebUtility.HtmlEncode(series.Unit)})</text>""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<rect x="{Left}" y="{top + Top}" width="{Width - Left - Right}" height="{Panel - Top - Bottom}" fill="none" stroke="#bbb"/>""").Append('\n');
        Label(Left - 6, Y(most) + 4, "end", Number(most));
        Label(Left - 6, Y(least) + 4, "end", Number(least));
        Label(Left, top + Panel - 10, "start", Clock(first));
        Label(Width - Right, top + Panel - 10, "end", Clock(last));
        foreach (var (color, value) in thresholds)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(value):F1}" y2="{Y(value):F1}" stroke="{color}" stroke-dasharray="4 3"/>""").Append('\n');
        }

        var points = string.Join(' ', series.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Time):F1},{Y(p.Value):F1}")));
        svg.Append(CultureInfo.InvariantCulture, $"""<polyline points="{points}" fill="none" stroke="#1565c0" stroke-width="1.5"/>""").Append('\n');

        double X(DateTimeOffset time) => Left + ((time - first).TotalSeconds / seconds * (Width - Left - Right));
        double Y(double value) => top + Panel - Bottom - ((value - least) / (most - least) * (Panel - Top - Bottom));
        void Label(double x, double y, string anchor, string text) =>
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x:F1}" y="{y:F1}" text-anchor="{anchor}" fill="#555">{text}</text>""").Append('\n');
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
