using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Tests.Sensor;

public sealed class ReadingFactorsTests
{
    [Theory]
    [InlineData(6, 0, 0, -2, 201, 12.06)]
    [InlineData(16, 0, 0, -3, 207, 3.312)]
    [InlineData(50, 0, 0, 0, 96, 4800)]
    [InlineData(1, -5, 1, 0, 100, 50)] // B·10^K1 = -50
    [InlineData(-2, 255, 0, -1, 10, 23.5)]
    [InlineData(1, 1, 2, -1, 5, 10.5)]
    public void The_formula_converts(int m, int b, int k1, int k2, byte raw, double value)
    {
        Assert.Equal(value, new ReadingFactors { M = m, B = b, BExponent = k1, RExponent = k2 }.Convert(raw)!.Value, 12);
    }

    [Theory]
    [InlineData(AnalogFormat.Unsigned, 0xF6, 246)]
    [InlineData(AnalogFormat.TwosComplement, 0xF6, -10)]
    [InlineData(AnalogFormat.TwosComplement, 0x80, -128)]
    [InlineData(AnalogFormat.OnesComplement, 0xF6, -9)]
    [InlineData(AnalogFormat.OnesComplement, 0x80, -127)]
    [InlineData(AnalogFormat.OnesComplement, 0xFF, 0)]
    [InlineData(AnalogFormat.OnesComplement, 0x7F, 127)]
    public void Signed_readings_are_signed(AnalogFormat format, byte raw, double value)
    {
        Assert.Equal(value, new ReadingFactors { M = 1, Format = format }.Convert(raw));
    }

    [Theory]
    [InlineData(1, 2.302585092994046)]
    [InlineData(2, 1)]
    [InlineData(3, 3.321928094887362)]
    [InlineData(4, 22026.465794806718)]
    [InlineData(5, 1e10)]
    [InlineData(6, 1024)]
    [InlineData(7, 0.1)]
    [InlineData(8, 100)]
    [InlineData(9, 1000)]
    [InlineData(10, 3.1622776601683795)]
    [InlineData(11, 2.154434690031884)]
    public void Every_linearization_is_applied(byte linearization, double value)
    {
        Assert.Equal(value, new ReadingFactors { M = 1, Linearization = linearization }.Convert(10)!.Value, 12);
    }

    [Fact]
    public void A_sensor_without_numbers_has_no_value()
    {
        Assert.Null(new ReadingFactors { M = 1, Format = AnalogFormat.None }.Convert(10));
    }

    // M = -300 is 2D4h, B = -2 is 3FEh, tolerance 9, accuracy 2A5h·10^1, K2 = -3, K1 = 2
    [Fact]
    public void The_packed_bits_are_put_together()
    {
        var data = new DataReader([0x00, 0xD4, 0x80 | 0x09, 0xFE, 0xC0 | 0x25, 0xA0 | 0x04, 0xD2], "factors");
        var factors = ReadingFactors.ReadRecord(ref data, AnalogFormat.Unsigned);

        Assert.Equal((-300, -2, 9, -3, 2), (factors.M, factors.B, factors.Tolerance, factors.RExponent, factors.BExponent));
        Assert.Equal(67.7, factors.Accuracy, 9);
    }

    [Fact]
    public void Every_byte_comes_back_from_its_value()
    {
        foreach (var factors in (ReadingFactors[])
            [
                new() { M = 6, RExponent = -2 }, new() { M = 1, Format = AnalogFormat.TwosComplement }, new() { M = -3, B = 50 },
                new() { M = 1, B = 1, Linearization = 7 }, new() { M = 1, B = 1, Linearization = 10 },
            ])
        {
            for (var raw = 0; raw < 256; raw++)
            {
                Assert.Equal((byte)raw, factors.Nearest(factors.Convert((byte)raw)!.Value));
            }
        }
    }

    [Theory]
    [InlineData(15.31, true)]
    [InlineData(16.0, false)]
    [InlineData(-1.0, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void What_a_sensor_cannot_express_has_no_byte(double value, bool expressible)
    {
        Assert.Equal(expressible, new ReadingFactors { M = 6, RExponent = -2 }.Nearest(value) is not null);
    }
}
