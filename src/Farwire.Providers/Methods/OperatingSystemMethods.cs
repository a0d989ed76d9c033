using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>What the methods of Win32_OperatingSystem do with logind and timedated; results are Windows' error codes.</summary>
internal sealed class OperatingSystemMethods(LoginManager login, MachineSettings settings, TimeProvider time)
{
    private const ulong Force = 4;

    public static ICimMethods Over(CimSchema schema, SystemBus bus, TimeProvider time)
    {
        var methods = new OperatingSystemMethods(new LoginManager(bus), new MachineSettings(bus), time);
        return new CimMethods(schema, "Win32_OperatingSystem")
        {
            ["Reboot"] = (call, token) => methods.EndAsync(call, reboot: true, token),
            ["Shutdown"] = (call, token) => methods.EndAsync(call, reboot: false, token),
            ["Win32Shutdown"] = (call, token) => ByFlags(call, reboot => methods.EndAsync(call, reboot, token)),
            ["Win32ShutdownTracker"] = (call, token) => ByFlags(call, reboot => methods.EndLaterAsync(call, reboot, token)),
            ["SetDateTime"] = methods.SetClockAsync,
        };
    }

    // 0 log off, 1 shut down, 2 restart, 8 power off; with 4 nobody is asked, as here in any case.
    private static ValueTask<CimOutcome> ByFlags(CimCall call, Func<bool, ValueTask<CimOutcome>> end) => call["Flags"] is { IsNull: false } flags && flags.AsInt64() >= 0
        ? (flags.AsUInt64() & ~Force) switch
        {
            0 => ValueTask.FromResult(CimOutcome.Of(SystemCall.NotSupported)),
            1 or 8 => end(false),
            2 => end(true),
            _ => ValueTask.FromResult(CimOutcome.Of(SystemCall.InvalidParameter)),
        }
        : ValueTask.FromResult(CimOutcome.Of(SystemCall.InvalidParameter));

    private ValueTask<CimOutcome> SetClockAsync(CimCall call, CancellationToken cancellationToken) =>
        call["LocalDateTime"] is { Kind: CimValueKind.DateTime } given && !given.AsDateTime().IsInterval
            ? SystemCall.RunAsync(call, () => settings.SetClockAsync(given.AsDateTime().Time, cancellationToken))
            : ValueTask.FromResult(CimOutcome.Of(SystemCall.InvalidParameter));

    private ValueTask<CimOutcome> EndAsync(CimCall call, bool reboot, CancellationToken cancellationToken) =>
        SystemCall.RunAsync(call, () => reboot ? login.RebootAsync(cancellationToken) : login.PowerOffAsync(cancellationToken));

    // The comment is told to who is logged in; the reason is Windows' own code, and goes into the comment.
    private ValueTask<CimOutcome> EndLaterAsync(CimCall call, bool reboot, CancellationToken cancellationToken)
    {
        var seconds = call["Timeout"].IsNull ? 0 : call["Timeout"].AsUInt64();
        var comment = call["ReasonCode"].IsNull ? call.Text("Comment") ?? "" : $"{call.Text("Comment")} (reason 0x{call["ReasonCode"].AsUInt64():X8})".Trim();
        return SystemCall.RunAsync(call, () => login.ScheduleAsync(reboot, time.GetUtcNow().AddSeconds(seconds), comment, cancellationToken));
    }
}
