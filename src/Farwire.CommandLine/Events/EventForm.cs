using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.CommandLine.Grammar;
using Farwire.Events.Export;
using Farwire.Events.Records;

namespace Farwire.CommandLine.Events;

/// <summary>A way to show events.</summary>
internal abstract class EventForm
{
    public static EventForm Of(string name) => name switch
    {
        "text" => new TextForm(),
        "json" => new JsonForm(EventJson.Write),
        "ecs" => new JsonForm(EventJson.WriteEcs),
        "xml" => new XmlForm(),
        _ => throw new UsageException($"-o is text, json, ecs or xml, not '{name}'."),
    };

    public virtual void Begin(TextWriter output)
    {
    }

    public virtual void End(TextWriter output)
    {
    }

    /// <summary>Shows a stored event.</summary>
    public void Show(TextWriter output, XElement stored) => Show(
        output,
        EventRecord.Read(stored.Value),
        new EventPlace(
            long.Parse((string)stored.Attribute("Sequence")!, CultureInfo.InvariantCulture),
            EventTime.TryParse((string)stored.Attribute("Received")!, out var received) ? received : default,
            (string)stored.Attribute("Source")!,
            (string)stored.Attribute("Subscription")!));

    /// <summary>Shows an event; one that was kept nowhere has no place.</summary>
    public abstract void Show(TextWriter output, EventRecord record, EventPlace? place);

    // One line: time, level, computer, channel, provider, id, and the message or the data.
    private sealed class TextForm : EventForm
    {
        public override void Show(TextWriter output, EventRecord record, EventPlace? place)
        {
            var s = record.System;
            var time = s.TimeCreated ?? place?.Received ?? default;
            var level = EventLevel.NameOf(s.Level);
            var text = record.Message ?? string.Join(' ', record.Root.Child("EventData")?.Children.Select(d => d.Attribute("Name") is { } name ? $"{name}={d.Value}" : d.Value) ?? []);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{time:yyyy-MM-dd HH:mm:ss.fff}Z {level,-11} {s.Computer ?? place?.Source} {s.Channel} {s.ProviderName} {s.EventId} {OneLine(record.Problem is null ? text : $"[{record.Problem}] {record.Xml}")}").TrimEnd());
        }

        // Events are strangers' text: nothing in them may move the terminal's cursor.
        private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
    }

    private sealed class XmlForm : EventForm
    {
        public override void Begin(TextWriter output) => output.WriteLine("<Events>");

        public override void End(TextWriter output) => output.WriteLine("</Events>");

        public override void Show(TextWriter output, EventRecord record, EventPlace? place) =>
            output.WriteLine(record.IsBroken ? new XElement("BrokenEvent", new XAttribute("Problem", record.Problem!), record.Xml).ToString(SaveOptions.DisableFormatting) : record.Xml);
    }

    private sealed class JsonForm(Action<Utf8JsonWriter, EventRecord, EventPlace?> write) : EventForm
    {
        public override void Show(TextWriter output, EventRecord record, EventPlace? place)
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream, EventJson.Options))
            {
                write(json, record, place);
            }

            output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        }
    }
}
