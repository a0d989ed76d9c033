using System.ComponentModel;
using System.Globalization;
using System.Text;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Accounts;
using Farwire.Linux.Processes;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>What the methods of Win32_Process do. All that changes something is done by a program with the rights of the caller: the kernel decides.</summary>
internal sealed class ProcessMethods(ProcessTable table, IProgramStarter starter)
{
    private const long Success = 0;
    private const long AccessDenied = 2;
    private const long UnknownFailure = 8;
    private const long PathNotFound = 9;
    private const long InvalidParameter = 21;
    private const int NoSuchFile = 2;           // ENOENT
    private const int NoAccess = 13;            // EACCES
    private const int ExitNotExecutable = 126;
    private const int ExitNotFound = 127;

    // Says when the program is there and may be run, and becomes it. It has no terminal and nobody reads what it writes.
    private const string StartScript = """
        case $1 in
          */*) [ -e "$1" ] || exit 127; [ -x "$1" ] && [ ! -d "$1" ] || exit 126;;
          *) command -v -- "$1" >/dev/null 2>&1 || exit 127;;
        esac
        echo started
        exec "$@" </dev/null >/dev/null 2>&1
        """;

    // A process that does not end when it is asked to is ended after three seconds.
    private const string TerminateScript = """
        kill -TERM "$1" || exit 1
        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
          [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null || exit 0
          sleep 0.1
        done
        kill -KILL "$1"
        """;

    public static ICimMethods Over(CimSchema schema, ProcessTable table, IProgramStarter starter)
    {
        var methods = new ProcessMethods(table, starter);
        return new CimMethods(schema, "Win32_Process")
        {
            ["Create"] = methods.CreateAsync,
            ["Terminate"] = (call, token) => methods.RunAsync(call, ["-c", TerminateScript, "sh", Id(call)], token),
            ["SetPriority"] = methods.SetPriorityAsync,
            ["GetOwner"] = (call, _) => ValueTask.FromResult(methods.Owner(call) is { } owner
                ? CimOutcome.Of(Success, ("User", AccountDirectory.Find(owner)?.Name ?? owner.ToString(CultureInfo.InvariantCulture)), ("Domain", Environment.MachineName))
                : CimOutcome.Of(PathNotFound)),
            ["GetOwnerSid"] = (call, _) => ValueTask.FromResult(methods.Owner(call) is { } owner ? CimOutcome.Of(Success, ("Sid", $"S-1-22-1-{owner}")) : CimOutcome.Of(PathNotFound)),
            ["AttachDebugger"] = (_, _) => ValueTask.FromResult(CimOutcome.Of(AccessDenied)),
        };
    }

    private async ValueTask<CimOutcome> CreateAsync(CimCall call, CancellationToken cancellationToken)
    {
        if (call.Text("CommandLine") is not { } line || CommandWords.Split(line) is not { Count: > 0 } words || Variables(call["ProcessStartupInformation"]) is not { } variables)
        {
            return CimOutcome.Of(InvalidParameter);
        }

        var folder = call.Text("CurrentDirectory");
        try
        {
            using var process = await starter.StartAsync(
                new ProgramStart("/bin/sh", ["-c", StartScript, "sh", .. words]) { Environment = variables, WorkingDirectory = folder is "" ? null : folder }, call.Caller.Account).ConfigureAwait(false);
            using var reader = new StreamReader(process.StandardOutput, Encoding.ASCII);
            if (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not null)
            {
                return CimOutcome.Of(Success, ("ProcessId", (uint)process.Id));
            }

            var exit = await process.Exit.WaitAsync(cancellationToken).ConfigureAwait(false);
            return CimOutcome.Of(exit.Code switch { ExitNotFound => PathNotFound, ExitNotExecutable => AccessDenied, _ => UnknownFailure });
        }
        catch (UnauthorizedAccessException)
        {
            return CimOutcome.Of(AccessDenied);
        }
        catch (Win32Exception e)
        {
            return CimOutcome.Of(e.NativeErrorCode switch { NoSuchFile => PathNotFound, NoAccess => AccessDenied, _ => UnknownFailure });
        }
        catch (ArgumentException)
        {
            return CimOutcome.Of(InvalidParameter);
        }
    }

    // Windows' classes of priority, as niceness.
    private ValueTask<CimOutcome> SetPriorityAsync(CimCall call, CancellationToken cancellationToken)
    {
        int? niceness = call["Priority"].IsNull ? null : call["Priority"].AsInt64() switch
        {
            64 => 19,      // idle
            16384 => 10,   // below normal
            32 => 0,       // normal
            32768 => -5,   // above normal
            128 => -10,    // high
            256 => -20,    // real time
            _ => null,
        };
        return niceness is { } nice
            ? RunAsync(call, ["-c", "renice -n \"$1\" -p \"$2\" >/dev/null", "sh", nice.ToString(CultureInfo.InvariantCulture), Id(call)], cancellationToken)
            : ValueTask.FromResult(CimOutcome.Of(InvalidParameter));
    }

    private async ValueTask<CimOutcome> RunAsync(CimCall call, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = await starter.StartAsync(new ProgramStart("/bin/sh", arguments), call.Caller.Account).ConfigureAwait(false);
            var exit = await process.Exit.WaitAsync(cancellationToken).ConfigureAwait(false);
            return CimOutcome.Of(exit.Code == 0 ? Success : Directory.Exists("/proc/" + Id(call)) ? AccessDenied : PathNotFound);
        }
        catch (UnauthorizedAccessException)
        {
            return CimOutcome.Of(AccessDenied);
        }
        catch (Win32Exception)
        {
            return CimOutcome.Of(UnknownFailure);
        }
    }

    private uint? Owner(CimCall call) =>
        int.TryParse(Id(call), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? table.Read(id, ProcessDetails.Status)?.UserId : null;

    // NAME=value; null when one of them is none.
    private static List<KeyValuePair<string, string>>? Variables(CimValue startup)
    {
        var variables = new List<KeyValuePair<string, string>>();
        foreach (var text in startup.Kind == CimValueKind.Instance ? startup.AsInstance()["EnvironmentVariables"].AsArray() : [])
        {
            if (text.ToString().Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                return null;
            }

            variables.Add(KeyValuePair.Create(name, value));
        }

        return variables;
    }

    private static string Id(CimCall call) => call.Target!["Handle"].ToString();
}
