using Farwire.Cim.Classes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_LocalTime and Win32_UTCTime, the two classes of Win32_CurrentTime: the time now.</summary>
internal static class Win32CurrentTime
{
    public static ICimProvider Local(CimSchema schema, LinuxSources linux) =>
        Over(schema, "Win32_LocalTime", () => TimeZoneInfo.ConvertTime(linux.Time.GetUtcNow(), TimeZoneInfo.Local));

    public static ICimProvider Utc(CimSchema schema, LinuxSources linux) => Over(schema, "Win32_UTCTime", linux.Time.GetUtcNow);

    private static CimTable<Moment> Over(CimSchema schema, string className, Func<DateTimeOffset> now) => new(schema, className, _ => [new Moment(now())])
    {
        ["Day"] = m => (uint)m.Time.Day,
        ["DayOfWeek"] = m => (uint)m.Time.DayOfWeek,
        ["Hour"] = m => (uint)m.Time.Hour,
        ["Minute"] = m => (uint)m.Time.Minute,
        ["Month"] = m => (uint)m.Time.Month,
        ["Quarter"] = m => (uint)((m.Time.Month + 2) / 3),
        ["Second"] = m => (uint)m.Time.Second,

        // Weeks begin on Sundays; the first may be short.
        ["WeekInMonth"] = m => (uint)((m.Time.Day + 6 + (int)m.Time.AddDays(1 - m.Time.Day).DayOfWeek) / 7),
        ["Year"] = m => (uint)m.Time.Year,
    };

    private sealed record Moment(DateTimeOffset Time);
}
