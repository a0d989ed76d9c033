using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Services;

/// <summary>Win32_ScheduledJob: the timers of systemd; the command is the unit that a timer starts. Without systemd there are none.</summary>
internal static class Win32ScheduledJob
{
    private const string Suffix = ".timer";

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<Row>(schema, "Win32_ScheduledJob", Rows)
        {
            ["Caption"] = r => r.Timer.Description,
            ["Command"] = r => r.Starts,
            ["Description"] = r => r.Timer.Description,
            ["InteractWithDesktop"] = _ => false,
            ["JobId"] = r => Id(r.Timer.Name),
            ["JobStatus"] = r => r.Result is null ? null : r.Result == "success" ? "Success" : "Failure",
            ["Name"] = r => r.Timer.Name[..^Suffix.Length],
            ["StartTime"] = r => r.Next is { } next ? new CimDateTime(next) : default(CimValue),
            ["Status"] = r => r.Result is null or "success" ? "OK" : "Error",
        };

        async IAsyncEnumerable<Row> Rows(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var timer in await AskAsync(linux.Systemd.ListUnitsAsync("*" + Suffix, cancellationToken)).ConfigureAwait(false))
            {
                if (timer.LoadState == "not-found" || (need.Fixed("JobId") is { } id && id != Id(timer.Name).ToString(CultureInfo.InvariantCulture)))
                {
                    continue;
                }

                yield return new Row(
                    timer,
                    need.Needs("Command") ? await PropertyAsync(timer, "Unit", cancellationToken).ConfigureAwait(false) as string : null,
                    need.Needs("JobStatus", "Status") ? await PropertyAsync(timer, "Result", cancellationToken).ConfigureAwait(false) as string : null,
                    need.Needs("StartTime") ? await NextAsync(timer, cancellationToken).ConfigureAwait(false) : null);
            }
        }

        // By the calendar, or counted from the start of the system; of both the earlier.
        async Task<DateTimeOffset?> NextAsync(UnitFacts timer, CancellationToken cancellationToken)
        {
            var calendar = At(DateTimeOffset.UnixEpoch, await PropertyAsync(timer, "NextElapseUSecRealtime", cancellationToken).ConfigureAwait(false));
            var counted = At(linux.Host.BootTime, await PropertyAsync(timer, "NextElapseUSecMonotonic", cancellationToken).ConfigureAwait(false));
            return calendar is null ? counted : counted is null || calendar < counted ? calendar : counted;
        }

        Task<object?> PropertyAsync(UnitFacts timer, string property, CancellationToken cancellationToken) =>
            AskAsync(linux.Systemd.GetPropertyAsync(timer.Path, "Timer", property, cancellationToken));
    }

    private static DateTimeOffset? At(DateTimeOffset origin, object? microseconds) =>
        microseconds is ulong count && count is > 0 and < ulong.MaxValue / 2 ? origin.AddTicks((long)count * TimeSpan.TicksPerMicrosecond) : null;

    // The same timer has the same number on every machine.
    private static uint Id(string name)
    {
        Span<byte> bytes = stackalloc byte[16];
        StableId.Of("timer", name).TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private static async Task<T> AskAsync<T>(Task<T> question)
    {
        try
        {
            return await question.ConfigureAwait(false);
        }
        catch (DBusException e)
        {
            throw CimError.ProviderFailure($"systemd could not be asked: {e.Message}");
        }
    }

    private sealed record Row(UnitFacts Timer, string? Starts, string? Result, DateTimeOffset? Next);
}
