using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_TimeZone: the zone of this computer, with this year's change to summer time and back.</summary>
internal static class Win32TimeZone
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Row>(schema, "Win32_TimeZone", _ => [Row.Of(TimeZoneInfo.Local, linux.Time.GetUtcNow())])
    {
        ["Bias"] = r => (int)r.Zone.BaseUtcOffset.TotalMinutes,
        ["Caption"] = r => r.Zone.DisplayName,
        ["DaylightBias"] = r => r.Rule is { } rule ? -(int)rule.DaylightDelta.TotalMinutes : 0,
        ["DaylightDay"] = r => Week(r.Summer),
        ["DaylightDayOfWeek"] = r => DayOfWeek(r.Summer),
        ["DaylightHour"] = r => (uint)(r.Summer?.TimeOfDay.Hour ?? 0),
        ["DaylightMillisecond"] = _ => 0u,
        ["DaylightMinute"] = r => (uint)(r.Summer?.TimeOfDay.Minute ?? 0),
        ["DaylightMonth"] = r => (uint)(r.Summer?.Month ?? 0),
        ["DaylightName"] = r => r.Zone.DaylightName,
        ["DaylightSecond"] = r => (uint)(r.Summer?.TimeOfDay.Second ?? 0),
        ["DaylightYear"] = _ => 0u,
        ["Description"] = r => r.Zone.DisplayName,
        ["SettingID"] = r => r.Zone.Id,
        ["StandardBias"] = _ => 0u,
        ["StandardDay"] = r => Week(r.Winter),
        ["StandardDayOfWeek"] = r => DayOfWeek(r.Winter),
        ["StandardHour"] = r => (uint)(r.Winter?.TimeOfDay.Hour ?? 0),
        ["StandardMillisecond"] = _ => 0u,
        ["StandardMinute"] = r => (uint)(r.Winter?.TimeOfDay.Minute ?? 0),
        ["StandardMonth"] = r => (uint)(r.Winter?.Month ?? 0),
        ["StandardName"] = r => r.Zone.StandardName,
        ["StandardSecond"] = r => (uint)(r.Winter?.TimeOfDay.Second ?? 0),
        ["StandardYear"] = _ => 0u,
    };

    // A change on a weekday is given by its week, one on a date by the day.
    private static CimValue Week(TimeZoneInfo.TransitionTime? change) => change is { } at ? (uint)(at.IsFixedDateRule ? at.Day : at.Week) : 0u;

    private static CimValue DayOfWeek(TimeZoneInfo.TransitionTime? change) => change is { IsFixedDateRule: false } at ? (uint)at.DayOfWeek : 0u;

    private sealed record Row(TimeZoneInfo Zone, TimeZoneInfo.AdjustmentRule? Rule)
    {
        public TimeZoneInfo.TransitionTime? Summer => Rule?.DaylightTransitionStart;

        public TimeZoneInfo.TransitionTime? Winter => Rule?.DaylightTransitionEnd;

        public static Row Of(TimeZoneInfo zone, DateTimeOffset now) =>
            new(zone, zone.GetAdjustmentRules().LastOrDefault(r => r.DateStart <= now.Date && now.Date <= r.DateEnd && r.DaylightDelta != TimeSpan.Zero));
    }
}
