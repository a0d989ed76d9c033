using System.Globalization;

namespace Farwire.Events.Records;

/// <summary>The times of events: UTC, with up to nine decimals.</summary>
public static class EventTime
{
    /// <summary>Reads <c>2026-01-10T09:00:00.1234567Z</c> and its shorter and longer forms; more than seven decimals are cut.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime utc)
    {
        utc = default;
        text = text.Trim();
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or ' ') || text[13] != ':' || text[16] != ':'
            || !Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        text = text[19..];
        long fraction = 0;
        if (text is ['.', ..])
        {
            var digits = text[1..].IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? text.Length - 1 : digits;
            for (var i = 0; i < 7; i++)
            {
                fraction = (fraction * 10) + (i < digits ? text[1 + i] - '0' : 0);
            }

            text = text[(1 + digits)..];
        }

        var time = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddTicks(fraction);
        if (text is "" or "Z" or "z")
        {
            utc = time;
            return true;
        }

        // Some collectors write the local time with its distance.
        if (text.Length == 6 && text[0] is '+' or '-' && text[3] == ':' && Number(text[1..3], out var hours) && Number(text[4..6], out var minutes))
        {
            var distance = new TimeSpan(hours, minutes, 0);
            if (distance.TotalHours > 14)
            {
                return false;
            }

            utc = text[0] == '+' ? time - distance : time + distance;
            return true;
        }

        return false;
    }

    /// <summary>Writes a time as event logs do: seven decimals and Z.</summary>
    public static string Format(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static bool Number(ReadOnlySpan<char> text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
