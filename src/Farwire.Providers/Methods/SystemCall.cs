using Farwire.Linux.DBus;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>Asks a service of the system to change it; the answer is a Windows error code. Only administrators, root and the service's own account may.</summary>
internal static class SystemCall
{
    public const long Success = 0;
    public const long AccessDenied = 5;
    public const long NotSupported = 50;
    public const long InvalidParameter = 87;
    private const long GenericFailure = 31; // ERROR_GEN_FAILURE

    public static async ValueTask<CimOutcome> RunAsync(CimCall call, Func<Task> work)
    {
        if (!call.Caller.MayChangeSystem)
        {
            return CimOutcome.Of(AccessDenied);
        }

        try
        {
            await work().ConfigureAwait(false);
            return CimOutcome.Of(Success);
        }
        catch (DBusException e)
        {
            return CimOutcome.Of(e.Name switch
            {
                "org.freedesktop.DBus.Error.AccessDenied" or "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired" => AccessDenied,
                "org.freedesktop.DBus.Error.InvalidArgs" => InvalidParameter,
                DBusException.Disconnected => NotSupported,
                _ when e.IsNobodyThere => NotSupported,
                _ => GenericFailure,
            });
        }
    }
}
