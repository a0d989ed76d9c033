namespace Farwire.Ipmi.Sensor;

/// <summary>How a reading's byte stands for a number.</summary>
public enum AnalogFormat : byte
{
    /// <summary>0 to 255.</summary>
    Unsigned,

    /// <summary>-127 to 127.</summary>
    OnesComplement,

    /// <summary>-128 to 127.</summary>
    TwosComplement,

    /// <summary>It is no number.</summary>
    None,
}

/// <summary>From a reading's byte x to its value: y = L[(M·x + B·10^K1)·10^K2].</summary>
/// <remarks>IPMI 2.0, "Sensor Reading Conversion Formula". K1 is the record's B exponent, K2 its R exponent.</remarks>
public sealed record ReadingFactors
{
    internal const byte NonLinear = 0x70;

    /// <summary>How the byte is to be read.</summary>
    public AnalogFormat Format { get; init; }

    /// <summary>The function L: 0 none, 1 ln, 2 log10, 3 log2, 4 e^, 5 10^, 6 2^, 7 1/x, 8 x², 9 x³, 10 √x, 11 ∛x; from 70h on the factors depend on the reading.</summary>
    public byte Linearization { get; init; }

    /// <summary>M.</summary>
    public int M { get; init; }

    /// <summary>B.</summary>
    public int B { get; init; }

    /// <summary>K1.</summary>
    public int BExponent { get; init; }

    /// <summary>K2.</summary>
    public int RExponent { get; init; }

    /// <summary>In halves of a count.</summary>
    public int Tolerance { get; init; }

    /// <summary>In percent.</summary>
    public double Accuracy { get; init; }

    /// <summary>True when L is the identity.</summary>
    public bool IsLinear => Linearization == 0;

    /// <summary>True when the factors must be asked for with every reading.</summary>
    public bool DependsOnReading => Linearization >= NonLinear;

    /// <summary>The value of one count.</summary>
    public double Resolution => Math.Abs(Scale(M, RExponent));

    /// <summary>The value of a byte, or null when the format is none.</summary>
    public double? Convert(byte raw)
    {
        if (Format == AnalogFormat.None)
        {
            return null;
        }

        double x = Format switch
        {
            AnalogFormat.OnesComplement => raw < 0x80 ? raw : -(byte)~raw,
            AnalogFormat.TwosComplement => (sbyte)raw,
            _ => raw,
        };
        return Linearize(Scale((M * x) + Scale(B, BExponent), RExponent));
    }

    /// <summary>The byte whose value is nearest, or null when the value is farther than a count from any.</summary>
    public byte? Nearest(double value)
    {
        byte? best = null;
        var least = double.MaxValue;
        for (var raw = 0; raw <= byte.MaxValue; raw++)
        {
            if (Convert((byte)raw) is { } known && Math.Abs(known - value) is var distance && distance < least)
            {
                (best, least) = ((byte)raw, distance);
            }
        }

        // Between two values one of them is near; beyond the ends none is.
        return best is { } found && IsWithinACount(found, value, least) ? found : null;
    }

    // linearization · M (8) · M (2), tolerance (6) · B (8) · B (2), accuracy (6) · accuracy (4), its exponent (2), direction (2) · R, B exponents
    internal static ReadingFactors ReadRecord(ref DataReader data, AnalogFormat format)
    {
        var linearization = (byte)(data.Byte() & 0x7F);
        return ReadFactors(ref data, format, linearization);
    }

    internal static ReadingFactors ReadFactors(ref DataReader data, AnalogFormat format, byte linearization)
    {
        var m = data.Byte();
        var mTolerance = data.Byte();
        var b = data.Byte();
        var bAccuracy = data.Byte();
        var accuracy = data.Byte();
        var exponents = data.Byte();
        return new ReadingFactors
        {
            Format = format,
            Linearization = linearization,
            M = Signed(m | ((mTolerance & 0xC0) << 2), 10),
            Tolerance = mTolerance & 0x3F,
            B = Signed(b | ((bAccuracy & 0xC0) << 2), 10),
            Accuracy = ((bAccuracy & 0x3F) | ((accuracy & 0xF0) << 2)) * Math.Pow(10, (accuracy >> 2) & 0x03) / 100,
            RExponent = Signed(exponents >> 4, 4),
            BExponent = Signed(exponents & 0x0F, 4),
        };
    }

    private double Linearize(double y) => Linearization switch
    {
        1 => Math.Log(y),
        2 => Math.Log10(y),
        3 => Math.Log2(y),
        4 => Math.Exp(y),
        5 => Math.Pow(10, y),
        6 => Math.Pow(2, y),
        7 => 1 / y,
        8 => y * y,
        9 => y * y * y,
        10 => Math.Sqrt(y),
        11 => Math.Cbrt(y),
        _ => y,
    };

    private bool IsWithinACount(byte raw, double value, double distance)
    {
        var here = Convert(raw)!.Value;
        var steps = new[] { Convert((byte)(raw - 1)), Convert((byte)(raw + 1)) }.Select(v => Math.Abs(v!.Value - here)).Where(double.IsFinite);
        return double.IsFinite(value) && distance <= steps.DefaultIfEmpty(0).Min();
    }

    // Dividing by a power of ten is exact where multiplying with its inverse is not: 13.2, not 13.200000000000001.
    private static double Scale(double value, int exponent) => exponent < 0 ? value / Math.Pow(10, -exponent) : value * Math.Pow(10, exponent);

    private static int Signed(int value, int bits) => value >= 1 << (bits - 1) ? value - (1 << bits) : value;
}
