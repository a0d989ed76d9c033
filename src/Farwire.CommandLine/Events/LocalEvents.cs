using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Events;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using static Farwire.CommandLine.Events.EventAnswer;

namespace Farwire.CommandLine.Events;

/// <summary><c>farwire events query</c>, <c>channels</c> and <c>channel</c>: what the event log of a machine itself holds.</summary>
/// <remarks>As <c>wevtutil</c> has it under qe, el and gl.</remarks>
internal sealed class LocalEvents(Terminal terminal, WSManConnectionOptions options, Func<WSManConnectionOptions, WSManClient> connect)
{
    private const int DefaultLimit = 50;

    private static readonly string[] Facts = ["Name", "Records", "OldestRecord", "NewestRecord", "LastWritten", "Security"];

    public Task RunAsync(Switches switches, CancellationToken cancellationToken) => switches.Words switch
    {
        ["query", ..] => QueryAsync(switches, QueryOf(switches, [.. switches.Words.Skip(1)]), cancellationToken),
        ["channels"] => ChannelsAsync(IsJson(switches), cancellationToken),
        _ => ChannelAsync(switches.Words[1], IsJson(switches), cancellationToken),
    };

    // Checked here already: the answer comes at once and says where.
    private static EventQuery QueryOf(Switches switches, List<string> channels)
    {
        try
        {
            if (switches["query"] is { } query)
            {
                return channels.Count > 0 || switches.Has("xpath")
                    ? throw new UsageException("-q says all: which channels and which events.")
                    : EventQuery.Parse(query.TrimStart().StartsWith('<') ? query : File.ReadAllText(query));
            }

            var xpath = EventFilter.Parse(switches["xpath"] ?? "*").Text;
            return channels is [var channel]
                ? EventQuery.Parse(new XElement("QueryList", new XElement("Query", new XAttribute("Id", 0), new XElement("Select", new XAttribute("Path", channel), xpath))).ToString(SaveOptions.DisableFormatting))
                : throw new UsageException("query takes one channel, or -q QUERYLIST; 'farwire events channels' lists the channels.");
        }
        catch (EventQueryException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"-q is a QueryList or a file of one: {e.Message}");
        }
    }

    private async Task QueryAsync(Switches switches, EventQuery query, CancellationToken cancellationToken)
    {
        var name = switches["--output"] ?? "text";
        var form = EventForm.Of(name);
        var asked = OptionSet.Of(
            new Option("NewestFirst", switches.Has("oldest") ? "false" : "true"),
            new Option("Limit", switches["Limit"] ?? DefaultLimit.ToString(CultureInfo.InvariantCulture)),
            new Option("ContentFormat", name != "xml" || switches.Has("rendered") ? "RenderedText" : "Raw"));
        await using var client = connect(options with { RequestOptions = asked });
        form.Begin(terminal.Output);
        var request = new EnumerationRequest { Filter = new Filter(Dialects.EventQuery) { Xml = query.Xml } };
        await foreach (var xml in client.EnumerateAsync(ResourceUris.EventLog, request, cancellationToken).ConfigureAwait(false))
        {
            form.Show(terminal.Output, EventRecord.Read(xml), place: null);
        }

        form.End(terminal.Output);
    }

    private async Task ChannelsAsync(bool json, CancellationToken cancellationToken)
    {
        var channels = new List<XElement>();
        await using (var client = connect(options))
        {
            await foreach (var xml in client.EnumerateAsync(SourceUris.Channel, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                channels.Add(XElement.Parse(xml));
            }
        }

        channels.Sort((one, other) => StringComparer.OrdinalIgnoreCase.Compare(Of(one, "Name"), Of(other, "Name")));
        if (json)
        {
            Json(writer =>
            {
                writer.WriteStartArray();
                channels.ForEach(channel => Write(writer, channel));
                writer.WriteEndArray();
            });
            return;
        }

        var widest = channels.Select(channel => Of(channel, "Name").Length).Append("CHANNEL".Length).Max();
        terminal.Output.WriteLine($"{"CHANNEL".PadRight(widest)}  EVENTS");
        channels.ForEach(channel => terminal.Output.WriteLine($"{Of(channel, "Name").PadRight(widest)}  {Of(channel, "Records")}"));
    }

    private async Task ChannelAsync(string name, bool json, CancellationToken cancellationToken)
    {
        await using var client = connect(options);
        var channel = XElement.Parse(await client.GetAsync(SourceUris.Channel, SelectorSet.Of(("Name", name)), cancellationToken).ConfigureAwait(false));
        if (json)
        {
            Json(writer => Write(writer, channel));
            return;
        }

        foreach (var fact in Facts.Where(fact => Of(channel, fact).Length > 0))
        {
            terminal.Output.WriteLine($"{fact}: {Of(channel, fact)}");
        }
    }

    // Numbers of records have 64 bits: as text, as everywhere in our JSON.
    private static void Write(Utf8JsonWriter json, XElement channel)
    {
        json.WriteStartObject();
        foreach (var fact in Facts.Where(fact => Of(channel, fact).Length > 0))
        {
            json.WriteString(fact, Of(channel, fact));
        }

        json.WriteEndObject();
    }

    private void Json(Action<Utf8JsonWriter> write) => terminal.Output.WriteLine(JsonText.Of(write));
}
