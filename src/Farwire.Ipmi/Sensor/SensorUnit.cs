namespace Farwire.Ipmi.Sensor;

/// <summary>The unit of a reading: a base, perhaps with a second one, per time, or percent.</summary>
/// <remarks>IPMI 2.0, "Sensor Unit Type Codes"; "Sensor Units 1" to "3" of a full sensor record.</remarks>
/// <param name="BaseCode">The base unit.</param>
/// <param name="ModifierCode">The second unit.</param>
/// <param name="Modifier">0: none, 1: divided by the second, 2: multiplied with it.</param>
/// <param name="Rate">0: none, 1: per µs, 2: per ms, 3: per s, 4: per minute, 5: per hour, 6: per day.</param>
/// <param name="IsPercentage">True for percent.</param>
public readonly record struct SensorUnit(byte BaseCode, byte ModifierCode, byte Modifier, byte Rate, bool IsPercentage)
{
    private static readonly string[] Names =
    [
        "", "degrees C", "degrees F", "degrees K", "Volts", "Amps", "Watts", "Joules", "Coulombs", "VA", "Nits", "lumen", "lux", "Candela", "kPa",
        "PSI", "Newton", "CFM", "RPM", "Hz", "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "mil", "inches", "feet",
        "cu in", "cu feet", "mm", "cm", "m", "cu cm", "cu m", "liters", "fluid ounce", "radians", "steradians", "revolutions", "cycles",
        "gravities", "ounce", "pound", "ft-lb", "oz-in", "gauss", "gilberts", "henry", "millihenry", "farad", "microfarad", "ohms", "siemens",
        "mole", "becquerel", "PPM", "reserved", "Decibels", "DbA", "DbC", "gray", "sievert", "color temp deg K", "bit", "kilobit", "megabit",
        "gigabit", "byte", "kilobyte", "megabyte", "gigabyte", "word", "dword", "qword", "line", "hit", "miss", "retry", "reset", "overrun",
        "underrun", "collision", "packets", "messages", "characters", "error", "correctable error", "uncorrectable error", "fatal error", "grams",
    ];

    private static readonly string[] Rates = ["", "/µs", "/ms", "/s", "/min", "/h", "/day", ""];

    /// <inheritdoc/>
    public override string ToString()
    {
        if (IsPercentage)
        {
            return "percent";
        }

        var second = Modifier switch
        {
            1 => "/" + NameOf(ModifierCode),
            2 => "·" + NameOf(ModifierCode),
            _ => "",
        };
        return NameOf(BaseCode) + second + Rates[Rate & 0x07];
    }

    // bits 7:6 format of the reading · 5:3 rate · 2:1 modifier · 0 percentage, then base unit, second unit
    internal static SensorUnit Read(ref DataReader data, out AnalogFormat format)
    {
        var first = data.Byte();
        format = (AnalogFormat)(first >> 6);
        return new SensorUnit(data.Byte(), data.Byte(), (byte)((first >> 1) & 0x03), (byte)((first >> 3) & 0x07), (first & 0x01) != 0);
    }

    private static string NameOf(byte code) => code < Names.Length ? Names[code] : "unknown";
}
