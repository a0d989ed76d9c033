using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.CommandLine.WinRs;

namespace Farwire.CommandLine.Run;

/// <summary>The same work on many hosts, so many of them at a time. What a host takes in memory is one message and one line.</summary>
internal sealed class FanOut(Terminal terminal, RunLine line, IHostWork work, HostConnections connections, Func<WSManConnectionOptions, WSManClient> connect, TimeProvider time)
{
    private const int MaxRows = 20;

    private readonly ConcurrentDictionary<string, HostOutcome> _outcomes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>0 all good, 1 some not, 2 none; with <c>--nagios</c> the worst state.</summary>
    public async Task<int> RunAsync(IReadOnlyList<HostWord> hosts, CancellationToken stop)
    {
        using var output = terminal.OpenOutput();
        using var errors = terminal.OpenErrors();
        using var deadline = new CancellationTokenSource(line.Deadline ?? Timeout.InfiniteTimeSpan, time);
        using var failed = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token, failed.Token);
        var table = new LiveTable(terminal, hosts.Count, time, terminal.ErrorsAreTerminal && terminal.Environment("TERM") is not "dumb" && !line.Switches.Has("quiet"));
        try
        {
            await Parallel.ForEachAsync(hosts, new ParallelOptions { MaxDegreeOfParallelism = line.Parallel, CancellationToken = end.Token }, async (host, cancellationToken) =>
            {
                table.Start(host.Name);
                var outcome = await RunAsync(host, table, output, errors, cancellationToken).ConfigureAwait(false);
                _outcomes[host.Name] = outcome;
                table.End(outcome);
                if (!outcome.IsGood && line.Switches.Has("--fail-fast"))
                {
                    await failed.CancelAsync().ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (failed.IsCancellationRequested && !stop.IsCancellationRequested && !deadline.IsCancellationRequested)
        {
            // The first failure ends the run: --fail-fast.
        }
        finally
        {
            table.Close();
            Sum(hosts);
            WriteRetryFile(hosts);
        }

        var good = _outcomes.Values.Count(outcome => outcome.IsGood);
        return line.Nagios ? hosts.Select(StateOf).Aggregate(NagiosCode.Worse)
            : good == hosts.Count ? ExitCode.Done
            : good > 0 ? ExitCode.SomeFailed
            : ExitCode.NoneWorked;
    }

    private async Task<HostOutcome> RunAsync(HostWord host, LiveTable table, Stream output, Stream errors, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var lines = new HostLines(host.Name, table, output, errors);
        var pieces = line.Json ? new JsonPieces(output, host.Name) : null;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await using var client = connect(await connections.OptionsAsync(host, cancellationToken).ConfigureAwait(false));
            var code = await work.RunAsync(
                client,
                piece =>
                {
                    silence.CancelAfter(line.IdleTimeout ?? Timeout.InfiniteTimeSpan);
                    if (pieces is null)
                    {
                        lines.Write(piece);
                    }
                    else
                    {
                        pieces.Write(piece);
                    }
                },
                silence.Token).ConfigureAwait(false);
            lines.End();
            pieces?.End(code);
            return new HostOutcome(host, code, null, time.GetElapsedTime(start));
        }
        catch (Exception e) when (Failure.IsKnown(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            lines.End();
            var failure = e is OperationCanceledException ? new UsageException($"the command said nothing for {line.IdleTimeout!.Value.TotalSeconds:0.###} s (--idle-timeout); it was ended.") : e;
            var outcome = new HostOutcome(host, null, failure, time.GetElapsedTime(start));
            table.Tell(line.Json ? JsonFault(failure, host.Name) : $"{host.Name}: {outcome.Words}");
            return outcome;
        }
    }

    // {"host":…,"fault":{…}}
    private static string JsonFault(Exception failure, string host)
    {
        var fault = new StringWriter();
        Failure.Show(fault, failure, "run", host, json: true);
        return $"{{\"host\":\"{JsonEncodedText.Encode(host)}\",{fault.ToString().TrimEnd()[1..]}";
    }

    // To people at the end; programs have it in the objects.
    private void Sum(IReadOnlyList<HostWord> hosts)
    {
        if (line.Json || line.Switches.Has("quiet"))
        {
            return;
        }

        var rows = hosts.Where(host => hosts.Count <= MaxRows || !IsGood(host)).Take(MaxRows).ToList();
        var width = Math.Max(4, rows.Count == 0 ? 0 : rows.Max(host => host.Name.Length));
        terminal.Errors.WriteLine($"{"HOST".PadRight(width)}  TIME     RESULT");
        foreach (var host in rows)
        {
            var outcome = _outcomes.GetValueOrDefault(host.Name);
            var took = outcome is null ? "-" : outcome.Took.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
            terminal.Errors.WriteLine($"{host.Name.PadRight(width)}  {took,-7}  {outcome?.Words ?? "not done"}");
        }

        var good = hosts.Count(IsGood);
        terminal.Errors.WriteLine($"{hosts.Count} hosts: {good} ok, {hosts.Count - good} failed{(line.RetryFile is { } file && good < hosts.Count ? $"; their names are in {file}" : "")}");
    }

    private void WriteRetryFile(IReadOnlyList<HostWord> hosts)
    {
        if (line.RetryFile is { } file)
        {
            File.WriteAllLines(file, hosts.Where(host => !IsGood(host)).Select(host => host.Name));
        }
    }

    private bool IsGood(HostWord host) => _outcomes.GetValueOrDefault(host.Name)?.IsGood == true;

    private int StateOf(HostWord host) => _outcomes.GetValueOrDefault(host.Name)?.Code is { } code ? NagiosCode.Of(code) : NagiosCode.Unknown;
}
