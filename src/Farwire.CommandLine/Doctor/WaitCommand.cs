using System.Globalization;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;

namespace Farwire.CommandLine.Doctor;

/// <summary><c>farwire wait</c>: until a service is as far as one needs it, saying each stage once.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
/// <param name="time">The clock of waiting.</param>
public sealed class WaitCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null, TimeProvider? time = null)
{
    // More refusals of a password than this, and an account may be locked.
    private const int MaxRefusals = 3;

    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase) { ["--for"] = "--for:" };

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "wait");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                if (switches.Has("help") || arguments.Count == 0)
                {
                    terminal.Output.WriteLine(DoctorHelp.Wait);
                    return ExitCode.Done;
                }

                return await WaitAsync(switches, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    internal async Task<int> WaitAsync(Switches switches, CancellationToken cancellationToken)
    {
        var goal = switches["--for"]?.ToUpperInvariant() switch
        {
            "TCP" => Stage.Tcp,
            "TLS" => Stage.Tls,
            "HTTP" => Stage.Http,
            "AUTH" => Stage.Authentication,
            "SHELL" or "READY" or null => Stage.Shell,
            _ => throw new UsageException($"--for is tcp, tls, http, auth or shell, not '{switches["--for"]}'."),
        };
        var limit = switches["--deadline"] is { } seconds ? Seconds.Parse("--deadline", seconds) : DefaultDeadline;
        using var deadline = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var told = new HashSet<Stage>();
        Finding? last = null;
        try
        {
            for (var refusals = 0; refusals < MaxRefusals;)
            {
                last = await TryAsync(switches, goal, told, either.Token).ConfigureAwait(false);
                if (last.Health != Health.Failed)
                {
                    return last is { Health: Health.Skipped, Stage: Stage.Authentication } ? throw new UsageException($"--for {(goal == Stage.Shell ? "shell" : "auth")} needs a user: --user USER.") : ExitCode.Done;
                }

                refusals += last.Stage == Stage.Authentication ? 1 : 0;
                await Task.Delay(Pause, _time, either.Token).ConfigureAwait(false);
            }

            terminal.Errors.WriteLine($"farwire wait: {last!.Message} {last.Cause}");
            return ExitCode.Authentication;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            terminal.Errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"farwire wait: not ready within {limit.TotalSeconds:0.###} s (--deadline). {last?.Message} {last?.Cause}").TrimEnd());
            return ExitCode.Deadline;
        }
    }

    private async Task<Finding> TryAsync(Switches switches, Stage goal, HashSet<Stage> told, CancellationToken cancellationToken)
    {
        var patient = await Reception.PatientAsync(switches, terminal, cancellationToken).ConfigureAwait(false);
        var last = Finding.Skipped(Stage.Name, "");
        await foreach (var finding in new Examination(patient, _connect, _time).RunAsync(goal, cancellationToken).ConfigureAwait(false))
        {
            last = finding;
            if (finding.Health is Health.Good or Health.Warning && told.Add(finding.Stage) && !switches.Has("quiet"))
            {
                terminal.Errors.WriteLine($"{Chart.Name(finding.Stage)}: {finding.Message}");
            }
        }

        return last;
    }
}
