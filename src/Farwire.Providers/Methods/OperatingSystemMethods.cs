using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>What the methods of Win32_OperatingSystem do with logind; results are Windows' error codes.</summary>
internal sealed class OperatingSystemMethods(LoginManager manager)
{
    private const long Success = 0;
    private const long AccessDenied = 5;
    private const long GenericFailure = 31; // ERROR_GEN_FAILURE
    private const long NotSupported = 50;
    private const long InvalidParameter = 87;
    private const ulong Force = 4;

    public static ICimMethods Over(CimSchema schema, SystemBus bus)
    {
        var methods = new OperatingSystemMethods(new LoginManager(bus));
        return new CimMethods(schema, "Win32_OperatingSystem")
        {
            ["Reboot"] = (call, token) => methods.RunAsync(call, reboot: true, token),
            ["Shutdown"] = (call, token) => methods.RunAsync(call, reboot: false, token),
            ["Win32Shutdown"] = methods.ByFlagsAsync,
        };
    }

    // 0 log off, 1 shut down, 2 restart, 8 power off; with 4 nobody is asked, as here in any case.
    private ValueTask<CimOutcome> ByFlagsAsync(CimCall call, CancellationToken cancellationToken) => call["Flags"] is { IsNull: false } flags && flags.AsInt64() >= 0
        ? (flags.AsUInt64() & ~Force) switch
        {
            0 => ValueTask.FromResult(CimOutcome.Of(NotSupported)),
            1 or 8 => RunAsync(call, reboot: false, cancellationToken),
            2 => RunAsync(call, reboot: true, cancellationToken),
            _ => ValueTask.FromResult(CimOutcome.Of(InvalidParameter)),
        }
        : ValueTask.FromResult(CimOutcome.Of(InvalidParameter));

    private async ValueTask<CimOutcome> RunAsync(CimCall call, bool reboot, CancellationToken cancellationToken)
    {
        if (!call.Caller.MayChangeSystem)
        {
            return CimOutcome.Of(AccessDenied);
        }

        try
        {
            await (reboot ? manager.RebootAsync(cancellationToken) : manager.PowerOffAsync(cancellationToken)).ConfigureAwait(false);
            return CimOutcome.Of(Success);
        }
        catch (DBusException e)
        {
            return CimOutcome.Of(e.Name switch
            {
                "org.freedesktop.DBus.Error.AccessDenied" or "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired" => AccessDenied,
                DBusException.Disconnected => NotSupported,
                _ when e.IsNobodyThere => NotSupported,
                _ => GenericFailure,
            });
        }
    }
}
