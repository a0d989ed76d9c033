using System.ComponentModel;
using Farwire.Cim.Classes;
using Farwire.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>Linux_Command.Execute: a line of sh as the caller, where that is allowed and the caller may have shells.</summary>
internal static class CommandMethods
{
    private const long Success = 0;
    private const long AccessDenied = 2;
    private const long TimedOut = 7;
    private const long NotStarted = 8;
    private const long InvalidParameter = 21;
    private const int MaxOutputBytes = 256 * 1024;
    private const ulong DefaultSeconds = 60;
    private const ulong MaxSeconds = 3600;

    public static ICimMethods Over(CimSchema schema, IProgramStarter starter, Func<bool> isAllowed, TimeProvider time)
    {
        var shell = new CallersShell(starter);
        return new CimMethods(schema, "Linux_Command") { ["Execute"] = ExecuteAsync };

        async ValueTask<CimOutcome> ExecuteAsync(CimCall call, CancellationToken cancellationToken)
        {
            if (!isAllowed() || !call.Caller.MayRunShells)
            {
                return CimOutcome.Of(AccessDenied);
            }

            var seconds = call["Timeout"].IsNull ? DefaultSeconds : call["Timeout"].AsUInt64();
            if (call.Text("Command") is not { Length: > 0 } command || command.Contains('\0', StringComparison.Ordinal) || seconds is 0 or > MaxSeconds)
            {
                return CimOutcome.Of(InvalidParameter);
            }

            try
            {
                var ended = await shell.CaptureAsync(call.Caller, "exec /bin/sh -c \"$1\"", [command], MaxOutputBytes, TimeSpan.FromSeconds(seconds), time, cancellationToken).ConfigureAwait(false);
                return CimOutcome.Of(Success, ("ReturnCode", (long)ended.Code), ("StdOut", ended.Output), ("StdErr", ended.Errors));
            }
            catch (TimeoutException)
            {
                return CimOutcome.Of(TimedOut);
            }
            catch (UnauthorizedAccessException)
            {
                return CimOutcome.Of(AccessDenied);
            }
            catch (Win32Exception)
            {
                return CimOutcome.Of(NotStarted);
            }
        }
    }
}
