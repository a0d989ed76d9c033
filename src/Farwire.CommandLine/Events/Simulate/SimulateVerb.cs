using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Envelope;

namespace Farwire.CommandLine.Events.Simulate;

/// <summary><c>farwire events simulate</c>: a fleet for a collector, with a ledger of what it acknowledged; and the ledger held against the store.</summary>
internal static class SimulateVerb
{
    // The ledger: a line for each source, its name and the last record that was acknowledged; records begin at 1 and have no gaps.

    public static async Task RunAsync(Switches switches, WSManConnectionOptions connection, Terminal terminal, CancellationToken cancellationToken)
    {
        var plan = new SimulationPlan(connection.Address, switches["SubscriptionId"] ?? throw new UsageException("--subscription NAME says what the sources send for."))
        {
            Sources = Number(switches, "--sources", 100),
            Batches = Number(switches, "--batches", 10),
            BatchEvents = Number(switches, "--batch-events", 50),
            EventCharacters = Number(switches, "--event-size", 1000),
            Interval = TimeSpan.FromMilliseconds(Number(switches, "--interval", 0)),
            IsPacked = !switches.Has("plain"),
            User = connection.User ?? throw new UsageException("--user NAME says who the sources are; {n} in it is the number of each."),
            Password = connection.Password ?? "",
            Pin = connection.CertificateSha256,
        };
        var simulation = new Simulation(plan, terminal.Errors.WriteLine);
        SimulationResult result;
        try
        {
            result = await simulation.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Also of a run that broke: what was acknowledged must be in the store.
            if (switches["--ledger"] is { } file)
            {
                await File.WriteAllLinesAsync(file, Enumerable.Range(1, plan.Sources).Select(n => $"{plan.UserOf(n)}\t{simulation.Acknowledged[n].ToString(CultureInfo.InvariantCulture)}"), CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (switches["--output"] == "json")
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
            {
                result.Write(json);
            }

            terminal.Output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
        }
        else
        {
            result.Write(terminal.Output);
        }
    }

    /// <summary>Compares a ledger with the store: nothing that was acknowledged may be missing, and nothing may be there twice.</summary>
    public static async Task VerifyAsync(Switches switches, CollectorSession session, Terminal terminal, CancellationToken cancellationToken)
    {
        var ledger = (await File.ReadAllLinesAsync(switches["--verify"]!, cancellationToken).ConfigureAwait(false))
            .Select(line => line.Split('\t')).ToDictionary(f => f[0], f => int.Parse(f[1], CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);
        var seen = ledger.ToDictionary(entry => entry.Key, entry => new HashSet<long>(), StringComparer.OrdinalIgnoreCase);
        long stored = 0, twice = 0;
        List<Option> search = switches["SubscriptionId"] is { } subscription ? [new Option("SubscriptionId", subscription)] : [];
        await foreach (var found in session.EventsAsync(search, null, 1000, cancellationToken).ConfigureAwait(false))
        {
            if (seen.TryGetValue((string)found.Attribute("Source")!, out var records))
            {
                stored++;
                twice += records.Add(RecordOf(found)) ? 0 : 1;
            }
        }

        var acknowledged = ledger.Values.Sum(last => (long)last);
        var missing = ledger.Sum(entry => Enumerable.Range(1, entry.Value).Count(record => !seen[entry.Key].Contains(record)));
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{acknowledged:#,0} events acknowledged, {stored:#,0} stored, {missing:#,0} missing, {twice:#,0} twice"));
        if (missing + twice > 0)
        {
            throw new UsageException("the store is not what was acknowledged.");
        }
    }

    private static long RecordOf(XElement found) => (long?)Farwire.Events.Records.EventRecord.Read(found.Value).System.RecordId ?? 0;

    private static int Number(Switches switches, string name, int absent) =>
        switches[name] is not { } text ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"{name} is a number, not '{text}'.");
}
