using System.Globalization;

namespace Farwire.Benchmarks.Load.Measures;

/// <summary>Ratios of neighbours in time: what slows the machine slows both, and the median forgets the rest.</summary>
internal sealed class Ratios
{
    private readonly List<double> _ratios = [];
    private readonly List<double> _ours = [];
    private readonly List<double> _theirs = [];

    public double Median => Middle(_ratios);

    public double Ours => Middle(_ours);

    public double Theirs => Middle(_theirs);

    public void Add(double ours, double theirs)
    {
        _ours.Add(ours);
        _theirs.Add(theirs);
        _ratios.Add(ours / theirs);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} ({_ratios.Min():0.00}–{_ratios.Max():0.00})");

    public static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
