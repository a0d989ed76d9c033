using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>What the methods of Win32_Service do with systemd. Only administrators, root and the service's own account may.</summary>
internal sealed class ServiceMethods(SystemdControl control, ServiceSetup setup)
{
    private const long Accepted = 0;
    private const long AccessDenied = 2;
    private const long CannotAcceptControl = 5;
    private const long NotActive = 6;
    private const long TimedOut = 7;
    private const long UnknownFailure = 8;
    private const long AlreadyRunning = 10;
    private const long DependencyFailed = 13;
    private const long Disabled = 14;
    private const long InvalidParameter = 21;

    public static ICimMethods Over(CimSchema schema, SystemBus bus, IProgramStarter starter)
    {
        var control = new SystemdControl(bus);
        var setup = new ServiceSetup(control, new ServiceFiles(new CallersShell(starter)));
        var methods = new ServiceMethods(control, setup);
        return new CimMethods(schema, "Win32_Service")
        {
            ["StartService"] = methods.StartAsync,
            ["StopService"] = methods.StopAsync,
            ["PauseService"] = (_, _) => Answer(CannotAcceptControl),
            ["ResumeService"] = (_, _) => Answer(CannotAcceptControl),
            ["InterrogateService"] = (call, _) => Answer(IsStarted(call) ? Accepted : NotActive),
            ["UserControlService"] = methods.ControlAsync,
            ["ChangeStartMode"] = methods.ChangeStartModeAsync,
            ["Create"] = setup.CreateAsync,
            ["Change"] = setup.ChangeAsync,
            ["Delete"] = setup.DeleteAsync,
        };
    }

    /// <summary>Units of all types have the same under shorter names.</summary>
    public static ICimMethods OverUnits(CimSchema schema, SystemBus bus)
    {
        var control = new SystemdControl(bus);
        return new CimMethods(schema, "Linux_SystemdUnit")
        {
            ["Start"] = (call, token) => RunAsync(call, control.StartAsync, token, ""),
            ["Stop"] = (call, token) => RunAsync(call, control.StopAsync, token, ""),
            ["Restart"] = (call, token) => RunAsync(call, control.RestartAsync, token, ""),
            ["Reload"] = (call, token) => RunAsync(call, control.ReloadAsync, token, ""),
            ["Enable"] = (call, token) => RunAsync(call, Done(control.EnableAsync), token, ""),
            ["Disable"] = (call, token) => RunAsync(call, Done(control.DisableAsync), token, ""),
            ["Mask"] = (call, token) => RunAsync(call, Done(control.MaskAsync), token, ""),
        };
    }

    private static Func<string, CancellationToken, Task<string>> Done(Func<string, CancellationToken, Task> change) => async (unit, token) =>
    {
        await change(unit, token).ConfigureAwait(false);
        return "done";
    };

    private ValueTask<CimOutcome> StartAsync(CimCall call, CancellationToken cancellationToken) =>
        IsStarted(call) ? Answer(AlreadyRunning)
        : call.Target!["StartMode"].ToString() == "Disabled" ? Answer(Disabled)
        : RunAsync(call, control.StartAsync, cancellationToken);

    private ValueTask<CimOutcome> StopAsync(CimCall call, CancellationToken cancellationToken) =>
        IsStarted(call) ? RunAsync(call, control.StopAsync, cancellationToken) : Answer(CannotAcceptControl);

    // Codes of one's own are 128 to 255; here all of them say: read your configuration again.
    private ValueTask<CimOutcome> ControlAsync(CimCall call, CancellationToken cancellationToken) =>
        call["ControlCode"].IsNull || call["ControlCode"].AsUInt64() < 128 ? Answer(InvalidParameter)
        : !IsStarted(call) ? Answer(NotActive)
        : RunAsync(call, control.ReloadAsync, cancellationToken);

    private ValueTask<CimOutcome> ChangeStartModeAsync(CimCall call, CancellationToken cancellationToken)
    {
        var change = call.Text("StartMode") is { } mode ? setup.ModeOf(mode) : null;
        return change is null ? Answer(InvalidParameter) : RunAsync(call, Done(change), cancellationToken);
    }

    private static async ValueTask<CimOutcome> RunAsync(CimCall call, Func<string, CancellationToken, Task<string>> action, CancellationToken cancellationToken, string suffix = ".service")
    {
        if (!call.Caller.MayChangeSystem)
        {
            return CimOutcome.Of(AccessDenied);
        }

        try
        {
            return CimOutcome.Of(await action(call.Target!["Name"] + suffix, cancellationToken).ConfigureAwait(false) switch
            {
                "done" or "skipped" => Accepted,
                "timeout" => TimedOut,
                "dependency" => DependencyFailed,
                _ => UnknownFailure,
            });
        }
        catch (DBusException e)
        {
            return CimOutcome.Of(CodeOf(e));
        }
    }

    internal static long CodeOf(DBusException e) => e.Name switch
    {
        "org.freedesktop.DBus.Error.AccessDenied" or "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired" => AccessDenied,
        "org.freedesktop.systemd1.UnitMasked" => Disabled,
        "org.freedesktop.systemd1.JobTypeNotApplicable" or "org.freedesktop.systemd1.OnlyByDependency" => CannotAcceptControl,
        DBusException.NoReply => TimedOut,
        _ => UnknownFailure,
    };

    private static bool IsStarted(CimCall call) => call.Target!["Started"] is { IsNull: false } started && started.AsBoolean();

    private static ValueTask<CimOutcome> Answer(long code) => ValueTask.FromResult(CimOutcome.Of(code));
}
