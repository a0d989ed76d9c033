using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Events.Simulate;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Events.Queries;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using static Farwire.CommandLine.Events.EventAnswer;

namespace Farwire.CommandLine.Events;

/// <summary><c>farwire events</c>: collected events, and the sources they come from.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class EventsCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    private const int DefaultLimit = 50;

    internal static readonly Dictionary<string, string> Known = new(ConnectionSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--host"] = "remote:", ["H"] = "remote:", ["--user"] = "username:", ["--unencrypted"] = "unencrypted", ["--output"] = "--output:",
        ["--from"] = "From:", ["--to"] = "To:", ["--channel"] = "Channel:", ["--computer"] = "Computer:", ["--provider"] = "Provider:",
        ["--source"] = "Source:", ["--subscription"] = "SubscriptionId:", ["--id"] = "EventId:", ["--level"] = "Level:", ["--text"] = "Text:",
        ["--xpath"] = "xpath:", ["--query"] = "query:", ["q"] = "query:", ["--rendered"] = "rendered", ["--limit"] = "Limit:", ["--oldest"] = "oldest",
        ["--sources"] = "--sources:", ["--batches"] = "--batches:", ["--batch-events"] = "--batch-events:", ["--event-size"] = "--event-size:", ["--interval"] = "--interval:",
        ["--ledger"] = "--ledger:", ["--verify"] = "--verify:", ["--plain"] = "plain", ["--silent"] = "silent", ["--help"] = "help", ["?"] = "help",
    };

    private static readonly string[] SearchOptions = ["From", "To", "Channel", "Computer", "Provider", "Source", "SubscriptionId", "EventId", "Level", "Text"];

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "events");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                boundary.Json = switches["--output"] is "json";
                if (switches.Words is ["forward", "status"] && !switches.Has("help"))
                {
                    return await ForwardStatusVerb.RunAsync(switches, terminal, _connect, cancellationToken).ConfigureAwait(false);
                }

                await RunAsync(switches, cancellationToken).ConfigureAwait(false);
                return ExitCode.Done;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(Switches switches, CancellationToken cancellationToken)
    {
        if (switches.Has("help") || switches.Words.Count == 0)
        {
            terminal.Output.WriteLine(EventsHelp.Text);
            return;
        }

        switch (switches.Words)
        {
            case ["search"]:
                await ShowAsync(switches, [new Option("NewestFirst", switches.Has("oldest") ? "false" : "true"), new Option("Limit", switches["Limit"] ?? DefaultLimit.ToString(CultureInfo.InvariantCulture))], 1000, cancellationToken).ConfigureAwait(false);
                break;
            case ["export"]:
                await ShowAsync(switches, switches["Limit"] is { } limit ? [new Option("Limit", limit)] : [], 1000, cancellationToken).ConfigureAwait(false);
                break;
            case ["tail"]:
                await TailAsync(switches, cancellationToken).ConfigureAwait(false);
                break;
            case ["sources"]:
                await SourcesAsync(switches, cancellationToken).ConfigureAwait(false);
                break;
            case ["subscriptions"]:
                await SubscriptionsAsync(switches, cancellationToken).ConfigureAwait(false);
                break;
            case ["query", ..] or ["channels"] or ["channel", _]:
                await new LocalEvents(terminal, ConnectionSwitches.Read(switches, terminal, anonymous: false), _connect).RunAsync(switches, cancellationToken).ConfigureAwait(false);
                break;
            case ["simulate"] when switches.Has("--verify"):
                await SimulateVerb.VerifyAsync(switches, Session(switches), terminal, cancellationToken).ConfigureAwait(false);
                break;
            case ["simulate"]:
                await SimulateVerb.RunAsync(switches, ConnectionSwitches.Read(switches, terminal, anonymous: false), terminal, cancellationToken).ConfigureAwait(false);
                break;
            case ["stats"]:
                await StatsAsync(switches, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new UsageException($"'{string.Join(' ', switches.Words)}' is none of search, export, tail, sources, subscriptions, stats, simulate, forward status, query, channels, channel.");
        }
    }

    private CollectorSession Session(Switches switches) => new(ConnectionSwitches.Read(switches, terminal, anonymous: false), _connect);

    private async Task ShowAsync(Switches switches, IReadOnlyList<Option> more, int batch, CancellationToken cancellationToken)
    {
        var form = EventForm.Of(switches["--output"] ?? (switches.Words[0] == "export" ? "json" : "text"));
        form.Begin(terminal.Output);
        await foreach (var found in Session(switches).EventsAsync(SearchOf(switches, more), FilterOf(switches), batch, cancellationToken).ConfigureAwait(false))
        {
            form.Show(terminal.Output, found);
        }

        form.End(terminal.Output);
    }

    // The collector answers when something comes, or that its time is over; then it is asked again from where we are.
    private async Task TailAsync(Switches switches, CancellationToken cancellationToken)
    {
        var form = EventForm.Of(switches["--output"] ?? "text");
        var filter = FilterOf(switches);
        var session = Session(switches);
        var last = "0";
        await foreach (var newest in session.EventsAsync([new Option("NewestFirst", "true"), new Option("Limit", "1")], null, 1, cancellationToken).ConfigureAwait(false))
        {
            last = (string)newest.Attribute("Sequence")!;
        }

        terminal.Errors.WriteLine("Waiting for events; Ctrl-C ends it.");
        while (true)
        {
            try
            {
                var search = SearchOf(switches, [new Option("Follow", "true"), new Option("After", last)]);
                await foreach (var found in session.EventsAsync(search, filter, 1, cancellationToken).ConfigureAwait(false))
                {
                    form.Show(terminal.Output, found);
                    last = (string)found.Attribute("Sequence")!;
                    await terminal.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.OperationTimedOut.Code)
            {
                // Nothing came.
            }
        }
    }

    private static List<Option> SearchOf(Switches switches, IReadOnlyList<Option> more) =>
        [.. SearchOptions.Where(switches.Has).Select(name => new Option(name, switches[name])), .. more];

    // Checked here already: the answer comes at once and says where.
    private static Filter? FilterOf(Switches switches)
    {
        try
        {
            if (switches["query"] is { } query)
            {
                var xml = query.TrimStart().StartsWith('<') ? query : File.ReadAllText(query);
                return new Filter(Dialects.EventQuery) { Xml = EventQuery.Parse(xml).Xml };
            }

            return switches["xpath"] is { } xpath ? new Filter(Dialects.XPath) { Text = EventFilter.Parse(xpath).Text } : null;
        }
        catch (EventQueryException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--query is a QueryList or a file of one: {e.Message}");
        }
    }

    private async Task SourcesAsync(Switches switches, CancellationToken cancellationToken)
    {
        var sources = await Session(switches).SourcesAsync(switches["SubscriptionId"], cancellationToken).ConfigureAwait(false);
        sources = switches.Has("silent") ? sources.FindAll(source => Of(source, "RunTimeStatus") is "Inactive" or "Trying") : sources;
        if (IsJson(switches))
        {
            Json(json =>
            {
                json.WriteStartArray();
                sources.ForEach(source => Flat(json, source));
                json.WriteEndArray();
            });
            return;
        }

        Table(
            ["SUBSCRIPTION", "SOURCE", "STATUS", "EVENTS", "LAST EVENT", "LAST HEARTBEAT", "LAG", "NOTICED", "ERROR"],
            sources.Select(s => new[] { Of(s, "SubscriptionId"), Of(s, "Name"), Of(s, "RunTimeStatus"), Of(s, "Events"), Short(Of(s, "LastEventTime")), Short(Of(s, "LastHeartbeatTime")), Of(s, "LagSeconds"), Noticed(s), Of(s, "ErrorMessage") }));
    }

    // What the source itself says nothing of.
    private static string Noticed(XElement source) => string.Join(", ", new[] { ("MissingRecords", "missing"), ("ClearedLogs", "cleared"), ("StrangeEvents", "strange"), ("Broken", "broken"), ("Dropped", "dropped") }
        .Where(one => Of(source, one.Item1) is not ("" or "0")).Select(one => $"{Of(source, one.Item1)} {one.Item2}"));

    private async Task SubscriptionsAsync(Switches switches, CancellationToken cancellationToken)
    {
        var subscriptions = await Session(switches).ListAsync(cancellationToken).ConfigureAwait(false);
        if (IsJson(switches))
        {
            Json(json =>
            {
                json.WriteStartArray();
                foreach (var s in subscriptions)
                {
                    json.WriteStartObject();
                    json.WriteString("SubscriptionId", s.Id);
                    json.WriteString("Type", s.Type.ToString());
                    json.WriteBoolean("Enabled", s.Enabled);
                    json.WriteString("ConfigurationMode", s.ConfigurationMode.ToString());
                    json.WriteString("ContentFormat", s.ContentFormat.ToString());
                    json.WriteString("Description", s.Description);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return;
        }

        Table(
            ["SUBSCRIPTION", "TYPE", "ENABLED", "MODE", "CONTENT", "DESCRIPTION"],
            subscriptions.Select(s => new[] { s.Id, s.Type.ToString(), s.Enabled ? "yes" : "no", s.ConfigurationMode.ToString(), s.ContentFormat.ToString(), s.Description }));
    }

    private async Task StatsAsync(Switches switches, CancellationToken cancellationToken)
    {
        var sources = await Session(switches).SourcesAsync(switches["SubscriptionId"], cancellationToken).ConfigureAwait(false);
        long Sum(string name) => sources.Sum(s => long.TryParse(Of(s, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        var rows = new (string Name, long Value)[]
        {
            ("Sources", sources.Count),
            ("Active", sources.Count(s => Of(s, "RunTimeStatus") == "Active")),
            ("Inactive", sources.Count(s => Of(s, "RunTimeStatus") == "Inactive")),
            ("Events", Sum("Events")),
            ("Duplicates", Sum("Duplicates")),
            ("Dropped", Sum("Dropped")),
            ("Broken", Sum("Broken")),
        };
        if (IsJson(switches))
        {
            Json(json =>
            {
                json.WriteStartObject();
                Array.ForEach(rows, row => json.WriteNumber(row.Name, row.Value));
                json.WriteEndObject();
            });
            return;
        }

        Array.ForEach(rows, row => terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name,-10} {row.Value}")));
    }

    private void Json(Action<Utf8JsonWriter> write) => terminal.Output.WriteLine(JsonText.Of(write));

    private static void Flat(Utf8JsonWriter json, XElement element)
    {
        json.WriteStartObject();
        foreach (var child in element.Elements())
        {
            if (child.Name.LocalName is "Events" or "Duplicates" or "Dropped" or "Broken" or "LastError")
            {
                json.WriteNumber(child.Name.LocalName, long.Parse(child.Value, CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteString(child.Name.LocalName, child.Value);
            }
        }

        json.WriteEndObject();
    }

    private void Table(string[] head, IEnumerable<string[]> rows)
    {
        var all = rows.Prepend(head).ToList();
        var widths = Enumerable.Range(0, head.Length).Select(i => all.Max(row => row[i].Length)).ToArray();
        foreach (var row in all)
        {
            terminal.Output.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }

    private static string Short(string time) => time.Length > 19 ? time[..19] + "Z" : time;
}
