using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;

namespace Farwire.CommandLine.Doctor;

/// <summary><c>farwire doctor</c>: walks the way to a service stage by stage, and says at the first that fails why, and what helps on which side.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
/// <param name="time">The clock that others are compared with.</param>
public sealed class DoctorCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null, TimeProvider? time = null)
{
    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase) { ["--json"] = "json" };

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "doctor");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                boundary.Json = switches.Has("json") || switches["--output"] is "json" or "jsonl";
                if (switches.Has("help") || arguments.Count == 0)
                {
                    terminal.Output.WriteLine(DoctorHelp.Doctor);
                    return ExitCode.Done;
                }

                using var deadline = new CancellationTokenSource(switches["--deadline"] is { } seconds ? Seconds.Parse("--deadline", seconds) : Timeout.InfiniteTimeSpan);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
                return await RunAsync(switches, boundary.Json, both.Token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(Switches switches, bool json, CancellationToken cancellationToken)
    {
        var patient = await Reception.PatientAsync(switches, terminal, cancellationToken).ConfigureAwait(false);
        var chart = new Chart(terminal, json);
        chart.Begin(patient);
        var exit = ExitCode.Done;
        await foreach (var finding in new Examination(patient, _connect, time ?? TimeProvider.System).RunAsync(Stage.Quotas, cancellationToken).ConfigureAwait(false))
        {
            chart.Show(finding);
            exit = finding.Health != Health.Failed ? exit : finding.Stage switch
            {
                Stage.Authentication or Stage.Authorization or Stage.Schemes => ExitCode.Authentication,
                Stage.Shell => ExitCode.Fault,
                _ => ExitCode.Unreachable,
            };
        }

        return exit;
    }
}
