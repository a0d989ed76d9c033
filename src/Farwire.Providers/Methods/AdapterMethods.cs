using Farwire.Cim.Classes;
using Farwire.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>Win32_NetworkAdapter.Enable and Disable: the interface is switched on and off by iproute2, with the rights of the caller.</summary>
internal static class AdapterMethods
{
    private const string Script = """
        PATH=$PATH:/usr/sbin:/sbin
        command -v ip >/dev/null 2>&1 || exit 8
        [ "$(id -u)" = 0 ] || exit 5
        ip link set dev "$1" "$2" 2>/dev/null || exit 8
        """;

    public static ICimMethods Over(CimSchema schema, IProgramStarter starter)
    {
        var shell = new CallersShell(starter);
        return new CimMethods(schema, "Win32_NetworkAdapter")
        {
            ["Enable"] = (call, token) => SetAsync(call, "up", token),
            ["Disable"] = (call, token) => SetAsync(call, "down", token),
        };

        // 5 is access denied here, unlike with files and services.
        async ValueTask<CimOutcome> SetAsync(CimCall call, string state, CancellationToken cancellationToken) => CimOutcome.Of(
            await shell.RunAsync(call.Caller, Script, [call.Target!["NetConnectionID"].ToString(), state], "", cancellationToken).ConfigureAwait(false) is var code && code == CallersShell.Denied ? 5 : code);
    }
}
