using System.Globalization;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Instances;

/// <summary>A point in time with its offset from UTC, or an interval; to the microsecond.</summary>
/// <remarks>DSP0004, "Datetime type"; DSP0230, "cimDateTime".</remarks>
public readonly struct CimDateTime : IEquatable<CimDateTime>, IComparable<CimDateTime>
{
    private readonly long _ticks;
    private readonly short _offset;

    internal CimDateTime(long ticks, short offsetMinutes, bool isInterval)
    {
        _ticks = ticks - (ticks % TimeSpan.TicksPerMicrosecond);
        _offset = offsetMinutes;
        IsInterval = isInterval;
    }

    /// <summary>A point in time.</summary>
    public CimDateTime(DateTimeOffset time)
        : this(time.UtcTicks, (short)time.Offset.TotalMinutes, false)
    {
    }

    /// <summary>An interval; never negative.</summary>
    public CimDateTime(TimeSpan interval)
        : this(interval > TimeSpan.Zero ? interval.Ticks : 0, 0, true)
    {
    }

    /// <summary>It is an interval.</summary>
    public bool IsInterval { get; }

    /// <summary>The point in time.</summary>
    public DateTimeOffset Time => !IsInterval
        ? new DateTimeOffset(_ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(_offset))
        : throw new InvalidOperationException("The value is an interval.");

    /// <summary>The interval.</summary>
    public TimeSpan Interval => IsInterval ? new TimeSpan(_ticks) : throw new InvalidOperationException("The value is a point in time.");

    internal long Ticks => _ticks;

    internal short OffsetMinutes => _offset;

    /// <summary>Reads the DMTF form (<c>yyyymmddHHMMSS.mmmmmm±UUU</c>, <c>ddddddddHHMMSS.mmmmmm:000</c>), an XML date and time, or a duration.</summary>
    public static bool TryParse(string text, out CimDateTime value)
    {
        value = default;
        text = text.Trim();
        if (text.Length == 25 && text[14] == '.')
        {
            return TryParseDmtf(text, out value);
        }

        if (text.StartsWith('P'))
        {
            if (XmlDuration.TryParse(text, out var interval) && interval >= TimeSpan.Zero)
            {
                value = new CimDateTime(interval);
                return true;
            }

            return false;
        }

        if (text.Length >= 19 && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            value = new CimDateTime(time);
            return true;
        }

        return false;
    }

    /// <summary>The DMTF form, 25 characters.</summary>
    public string ToDmtf()
    {
        if (IsInterval)
        {
            var i = Interval;
            return string.Create(CultureInfo.InvariantCulture, $"{i.Days:D8}{i.Hours:D2}{i.Minutes:D2}{i.Seconds:D2}.{i.Ticks % TimeSpan.TicksPerSecond / 10:D6}:000");
        }

        var sign = _offset < 0 ? '-' : '+';
        return string.Create(CultureInfo.InvariantCulture, $"{Time:yyyyMMddHHmmss.ffffff}{sign}{Math.Abs((int)_offset):D3}");
    }

    /// <summary>The form of the wire: an XML date and time, UTC as <c>Z</c>, without trailing zeros; or a duration with days, hours, minutes, seconds.</summary>
    public override string ToString()
    {
        if (IsInterval)
        {
            var i = Interval;
            var fraction = i.Ticks % TimeSpan.TicksPerSecond;
            var seconds = fraction == 0 ? $"{i.Seconds}" : $"{i.Seconds}.{fraction:D7}".TrimEnd('0');
            return string.Create(CultureInfo.InvariantCulture, $"P{i.Days}DT{i.Hours}H{i.Minutes}M{seconds}S");
        }

        return Time.ToString(_offset == 0 ? "yyyy-MM-ddTHH:mm:ss.FFFFFFZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public int CompareTo(CimDateTime other) => IsInterval == other.IsInterval ? _ticks.CompareTo(other._ticks) : IsInterval.CompareTo(other.IsInterval);

    /// <summary>Equal when they are the same instant, or intervals of the same length.</summary>
    public bool Equals(CimDateTime other) => IsInterval == other.IsInterval && _ticks == other._ticks;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CimDateTime other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _ticks.GetHashCode();

    /// <summary>Equal.</summary>
    public static bool operator ==(CimDateTime left, CimDateTime right) => left.Equals(right);

    /// <summary>Not equal.</summary>
    public static bool operator !=(CimDateTime left, CimDateTime right) => !left.Equals(right);

    /// <summary>Earlier or shorter.</summary>
    public static bool operator <(CimDateTime left, CimDateTime right) => left.CompareTo(right) < 0;

    /// <summary>Later or longer.</summary>
    public static bool operator >(CimDateTime left, CimDateTime right) => left.CompareTo(right) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(CimDateTime left, CimDateTime right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(CimDateTime left, CimDateTime right) => left.CompareTo(right) >= 0;

    // yyyymmddHHMMSS.mmmmmm±UUU or ddddddddHHMMSS.mmmmmm:000. An unknown fraction or offset (asterisks) counts as zero.
    private static bool TryParseDmtf(string text, out CimDateTime value)
    {
        value = default;
        if (!Number(text, 8, 2, out var hours) || !Number(text, 10, 2, out var minutes) || !Number(text, 12, 2, out var seconds)
            || !Number(text, 15, 6, out var micros) || hours > 23 || minutes > 59 || seconds > 59)
        {
            return false;
        }

        var timeOfDay = new TimeSpan(0, hours, minutes, seconds).Ticks + (micros * TimeSpan.TicksPerMicrosecond);
        switch (text[21])
        {
            case ':' when Number(text, 0, 8, out var days) && days <= 10_000_000:
                value = new CimDateTime((days * TimeSpan.TicksPerDay) + timeOfDay, 0, true);
                return true;
            case '+' or '-' when Number(text, 0, 4, out var year) && Number(text, 4, 2, out var month) && Number(text, 6, 2, out var day)
                && Number(text, 22, 3, out var offset) && year is >= 1 and <= 9999 && month is >= 1 and <= 12
                && day >= 1 && day <= DateTime.DaysInMonth(year, month) && offset <= 840:
                var minutesEast = text[21] == '-' ? -offset : offset;
                var utc = new DateTime(year, month, day).Ticks + timeOfDay - (minutesEast * TimeSpan.TicksPerMinute);
                if (utc < TimeSpan.TicksPerDay || utc > DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay)
                {
                    return false;
                }

                value = new CimDateTime(utc, (short)minutesEast, false);
                return true;
            default:
                return false;
        }
    }

    private static bool Number(string text, int start, int length, out int value)
    {
        var digits = text.AsSpan(start, length);
        if (start >= 15 && digits.IndexOfAnyExcept('*') < 0)
        {
            value = 0;
            return true;
        }

        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
