using Farwire.Client;
using Farwire.CommandLine.Bmc.Managed;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.Ipmi;
using Farwire.Ipmi.Device;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;

namespace Farwire.CommandLine.Bmc;

/// <summary>The verb <c>farwire bmc</c>: baseboard management controllers, over the network or this machine's own.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="time">The clock of watching and waiting.</param>
public sealed class BmcFace(Terminal terminal, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Runs a command line, and answers the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var boundary = new VerbBoundary(terminal, "bmc");
        return await boundary.RunAsync(
            async () =>
            {
                var line = BmcLine.Read(arguments);
                boundary.Json = line.Form is BmcForm.Json or BmcForm.JsonLines;
                if (line.WantsHelp || line.Words.Count == 0)
                {
                    terminal.Output.WriteLine(BmcHelp.Of(line.Words.FirstOrDefault()));
                    return line.WantsHelp ? ExitCode.Done : ExitCode.Usage;
                }

                using var deadline = new CancellationTokenSource(line.Deadline ?? Timeout.InfiniteTimeSpan, _time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
                return await RunAsync(boundary, line, both.Token).ConfigureAwait(false);
            },
            stop).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(VerbBoundary boundary, BmcLine line, CancellationToken cancellationToken)
    {
        var history = new PlotHistory(_time);
        var verb = Verb(line, history);
        var alarm = line["--alarm"] is { } level ? Level(level) : SensorHealth.NonRecoverable + 1;
        if (line.Has("--watch") && !verb.CanBeWatched)
        {
            throw new UsageException("--watch goes with verbs that only read: sensors, sel list and power status.");
        }

        if ((line.Has("--plot") || line.Has("--svg")) && verb is not (SensorsVerb or CimSensorsVerb))
        {
            throw new UsageException("--plot and --svg go with sensors.");
        }

        var targets = Targets(line, verb);
        try
        {
            var code = line.Has("--watch")
                ? await WatchAsync(boundary, line, verb, targets, history, cancellationToken).ConfigureAwait(false)
                : await OnceAsync(boundary, line, verb, targets, history, 0, cancellationToken).ConfigureAwait(false);
            return code == 0 && verb.Worst >= alarm ? ExitCode.SomeFailed : code;
        }
        finally
        {
            if (line["--svg"] is { } file && history.Series.Count > 0)
            {
                await File.WriteAllTextAsync(file, SvgPlot.Draw(history.Series), CancellationToken.None).ConfigureAwait(false);
            }

            await Task.WhenAll(targets.Select(t => t.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    // A round that fails is told, and the next one tries again.
    private async Task<int> WatchAsync(VerbBoundary boundary, BmcLine line, BmcVerb verb, IReadOnlyList<BmcTarget> targets, PlotHistory history, CancellationToken cancellationToken)
    {
        var code = 0;
        for (var round = 0; line.Count == 0 || round < line.Count; round++)
        {
            if (round > 0)
            {
                await Task.Delay(line.Interval, _time, cancellationToken).ConfigureAwait(false);
            }

            code = await OnceAsync(boundary, line, verb, targets, history, round, cancellationToken).ConfigureAwait(false);
        }

        return code;
    }

    private async Task<int> OnceAsync(VerbBoundary boundary, BmcLine line, BmcVerb verb, IReadOnlyList<BmcTarget> targets, PlotHistory history, int round, CancellationToken cancellationToken)
    {
        var asked = targets.Select(target => TryAsync(verb, target, cancellationToken)).ToList();
        await Task.WhenAll(asked).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var worked = asked.Where(a => a.Result.Failure is null).ToList();
        var failed = asked.Where(a => a.Result.Failure is not null).ToList();
        foreach (var failure in failed)
        {
            boundary.Tell(failure.Result.Failure!, targets.Count > 1 ? failure.Result.Host : null);
        }

        if (worked.Count > 0)
        {
            var rows = targets.Count == 1 ? worked[0].Result.Rows! : BmcRows.Merge(worked.Select(w => (w.Result.Host, w.Result.Rows!)));
            await ShowAsync(line, verb, rows, history, round).ConfigureAwait(false);
        }

        return failed.Count == 0 ? 0
            : targets.Count == 1 ? Failure.ExitOf(failed[0].Result.Failure!)
            : worked.Count == 0 ? ExitCode.NoneWorked : ExitCode.SomeFailed;
    }

    private static async Task<(string Host, BmcRows? Rows, Exception? Failure)> TryAsync(BmcVerb verb, BmcTarget target, CancellationToken cancellationToken)
    {
        try
        {
            return (target.Host, await verb.RunAsync(target, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception e) when (Failure.IsKnown(e) && e is not UsageException)
        {
            return (target.Host, null, e);
        }
    }

    private async Task ShowAsync(BmcLine line, BmcVerb verb, BmcRows rows, PlotHistory history, int round)
    {
        if (line.Has("--plot") && line.Form == BmcForm.Table)
        {
            terminal.Output.Write(TerminalPlot.Draw(history.Series));
        }
        else if (verb is SelVerb or CimSelVerb && round > 0)
        {
            // What is new in the log follows what was there.
            if (rows.Count > 0)
            {
                rows.Write(terminal.Output, line.Form, withHeader: false);
            }
        }
        else
        {
            (line.Has("--watch") && verb is not (SelVerb or CimSelVerb) ? rows.At(_time.GetUtcNow()) : rows).Write(terminal.Output, line.Form, withHeader: round == 0);
        }

        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private List<BmcTarget> Targets(BmcLine line, BmcVerb verb)
    {
        ISdrCache? cache = line.Has("--no-cache") ? null : new FolderSdrCache(CacheFolder());
        if (line.Hosts.Count == 0)
        {
            return [new BmcTarget(KernelDevice.DefaultPath, IpmiClient.OverDevice(cache: cache))];
        }

        var password = line.Password(terminal);
        if (line.IsWeb)
        {
            return [.. line.Hosts.Select(host =>
            {
                var web = new WSManClient(ControllerAddress.Options(line, host, password));
                return new BmcTarget(host, new IpmiClient(new TunnelledTransport(web), _time), web, new CimController(web, line["--namespace"]));
            })];
        }

        return [.. line.Hosts.Select(host => new BmcTarget(host, IpmiClient.OverLan(line.Lan(host, password, verb.Privilege), _time, cache)))];
    }

    private string CacheFolder() => Path.Combine(
        terminal.Environment("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".cache"),
        "farwire", "sdr");

    private static BmcVerb Verb(BmcLine line, PlotHistory history) => line.Words[0] switch
    {
        // What CIM's classes cannot say goes through Microsoft_IPMI, where it is served.
        "sensors" => line.IsWeb && !line.Has("--set") ? new CimSensorsVerb(line, history) : new SensorsVerb(line, history),
        "sel" => line.IsWeb ? new CimSelVerb(line) : new SelVerb(line),
        "power" => line.IsWeb && !line.Has("--boot") ? new CimPowerVerb(line) : new PowerVerb(line),
        "fru" => new FruVerb(line),
        "users" => new UsersVerb(),
        "raw" => new RawVerb(line),
        var other => throw new UsageException($"'{other}' is not a verb of farwire bmc; sensors, sel, power, fru, users and raw are."),
    };

    private static SensorHealth Level(string level) => level switch
    {
        "warning" => SensorHealth.NonCritical,
        "critical" => SensorHealth.Critical,
        "fatal" => SensorHealth.NonRecoverable,
        _ => throw new UsageException($"--alarm is warning, critical or fatal, not '{level}'."),
    };
}
