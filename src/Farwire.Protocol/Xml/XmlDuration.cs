using System.Buffers;
using System.Globalization;

namespace Farwire.Protocol.Xml;

/// <summary>Durations in the forms that WS-Management peers write.</summary>
/// <remarks>XML Schema Part 2, "duration". Years count 365 days and months 30: time-outs need no calendar.</remarks>
public static class XmlDuration
{
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Reads <c>PT60.000S</c>, <c>P0Y0M0DT0H1M0S</c>, <c>-PT1S</c>; false for anything else, or when it does not fit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        text = text.Trim();
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var negative = text[0] == '-';
        if (negative)
        {
            text = text[1..];
        }

        if (text.Length < 2 || text[0] != 'P')
        {
            return false;
        }

        text = text[1..];
        decimal seconds = 0;
        var inTime = false;
        var anything = false;
        var lastUnit = -1;
        while (text.Length > 0)
        {
            if (text[0] == 'T')
            {
                if (inTime || text.Length == 1)
                {
                    return false;
                }

                inTime = true;
                text = text[1..];
                continue;
            }

            var digits = text.IndexOfAnyExcept(Digits);
            if (digits <= 0 || digits > 20)
            {
                return false;
            }

            var number = text[..digits];
            var (unit, order) = (text[digits], inTime) switch
            {
                ('Y', false) => (365m * 86400, 0),
                ('M', false) => (30m * 86400, 1),
                ('D', false) => (86400m, 2),
                ('H', true) => (3600m, 3),
                ('M', true) => (60m, 4),
                ('S', true) => (1m, 5),
                _ => (0m, -1),
            };
            if (order <= lastUnit
                || (number.Contains('.') && order != 5)
                || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            lastUnit = order;
            anything = true;
            seconds += amount * unit;
            text = text[(digits + 1)..];
        }

        if (!anything || seconds > (decimal)TimeSpan.MaxValue.TotalSeconds - 1)
        {
            return false;
        }

        value = new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond));
        value = negative ? -value : value;
        return true;
    }

    /// <summary>Writes <c>PT60.000S</c>, the form of time-outs.</summary>
    public static string Format(TimeSpan value) =>
        string.Create(CultureInfo.InvariantCulture, $"PT{value.TotalSeconds:0.000}S");

    /// <summary>Writes <c>P0DT0H1M46S</c>, the form of ages.</summary>
    public static string FormatAge(TimeSpan value) =>
        string.Create(CultureInfo.InvariantCulture, $"P{value.Days}DT{value.Hours}H{value.Minutes}M{value.Seconds}S");
}
