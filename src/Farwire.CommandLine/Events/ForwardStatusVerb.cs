using System.Text.Json;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Events;
using static Farwire.CommandLine.Events.EventAnswer;

namespace Farwire.CommandLine.Events;

/// <summary><c>farwire events forward status</c>: the collectors that a machine forwards to, what they subscribed to, and what is wrong.</summary>
internal static class ForwardStatusVerb
{
    /// <summary>Tells; the exit code is 0 when everything stands well, else 1.</summary>
    public static async Task<int> RunAsync(Switches switches, Terminal terminal, Func<WSManConnectionOptions, WSManClient> connect, CancellationToken cancellationToken)
    {
        var isJson = IsJson(switches);
        var options = ConnectionSwitches.Read(switches, terminal, anonymous: false);

        // The source answers by itself: also when the management service does not run.
        options = options.LocalSocket is { } socket ? options with { LocalSocket = Path.Combine(Path.GetDirectoryName(socket) ?? "", "source-local.sock") } : options;
        var collectors = new List<XElement>();
        await using var client = connect(options);
        await foreach (var xml in client.EnumerateAsync(SourceUris.Forwarding, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            collectors.Add(XElement.Parse(xml));
        }

        if (isJson)
        {
            terminal.Output.WriteLine(JsonText.Of(json => WriteJson(json, collectors)));
        }
        else
        {
            WriteText(terminal.Output, collectors);
        }

        return collectors.DescendantsAndSelf().Any(element => element.Name.LocalName == "LastError") ? ExitCode.SomeFailed : ExitCode.Done;
    }

    private static void WriteText(TextWriter output, List<XElement> collectors)
    {
        if (collectors.Count == 0)
        {
            output.WriteLine("This machine forwards to no collector: source.yaml names none.");
        }

        foreach (var collector in collectors)
        {
            output.WriteLine($"{Of(collector, "State"),-10}  {Of(collector, "Server")}{Optional(", asked every ", collector, "RefreshSeconds", " s")}{Time(", last answer ", collector, "LastAnswer")}");
            WriteTrouble(output, collector, "            ");
            foreach (var subscription in collector.Elements().Where(element => element.Name.LocalName == "Subscription"))
            {
                output.WriteLine($"  {Of(subscription, "State"),-8}  {Of(subscription, "Name")}: {Of(subscription, "Events")} events acknowledged{Time(", last ", subscription, "LastAck")}");
                WriteTrouble(output, subscription, "            ");
            }
        }
    }

    private static void WriteTrouble(TextWriter output, XElement element, string indent)
    {
        if (Of(element, "LastError") is not { Length: > 0 } error)
        {
            return;
        }

        output.WriteLine(indent + error);
        if (Of(element, "Fix") is { Length: > 0 } fix)
        {
            output.WriteLine(indent + fix);
        }

        if (Of(element, "NextAttempt") is { Length: > 0 })
        {
            output.WriteLine($"{indent}{Time("Next attempt ", element, "NextAttempt")}.");
        }
    }

    private static void WriteJson(Utf8JsonWriter json, List<XElement> collectors)
    {
        json.WriteStartArray();
        foreach (var collector in collectors)
        {
            json.WriteStartObject();
            WriteValues(json, collector);
            json.WriteStartArray("Subscriptions");
            foreach (var subscription in collector.Elements().Where(element => element.Name.LocalName == "Subscription"))
            {
                json.WriteStartObject();
                WriteValues(json, subscription);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter json, XElement element)
    {
        foreach (var value in element.Elements().Where(child => child.Name.LocalName != "Subscription"))
        {
            if (value.Name.LocalName is "Events" or "RefreshSeconds")
            {
                json.WriteNumber(value.Name.LocalName, long.Parse(value.Value, System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteString(value.Name.LocalName, value.Value);
            }
        }
    }

    private static string Optional(string before, XElement element, string name, string after = "") => Of(element, name) is { Length: > 0 } value ? before + value + after : "";

    private static string Time(string before, XElement element, string name) => Of(element, name) is { Length: > 19 } time ? $"{before}{time[..19]}Z" : "";
}
