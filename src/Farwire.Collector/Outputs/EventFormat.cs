using System.Buffers;
using System.Text.Json;
using Farwire.Collector.Store;
using Farwire.Events.Export;

namespace Farwire.Collector.Outputs;

/// <summary>How an output writes an event.</summary>
public enum EventFormat
{
    /// <summary>Farwire's own JSON.</summary>
    Json,

    /// <summary>JSON of the Elastic Common Schema.</summary>
    Ecs,

    /// <summary>The event's XML as it came, line breaks as blanks.</summary>
    Xml,
}

/// <summary>Writes events for outputs, a line each.</summary>
internal static class EventLine
{
    public static void Write(IBufferWriter<byte> output, StoredEvent stored, EventFormat format)
    {
        if (format == EventFormat.Xml)
        {
            var xml = stored.Utf8.Span;
            var line = output.GetSpan(xml.Length);
            xml.CopyTo(line);
            line[..xml.Length].Replace((byte)'\n', (byte)' ');
            line[..xml.Length].Replace((byte)'\r', (byte)' ');
            output.Advance(xml.Length);
            return;
        }

        using var json = new Utf8JsonWriter(output, EventJson.Options);
        WriteJson(json, stored, format);
    }

    public static void WriteJson(Utf8JsonWriter json, StoredEvent stored, EventFormat format)
    {
        var place = new EventPlace(stored.Sequence, stored.Origin.Received, stored.Origin.Source, stored.Origin.Subscription);
        switch (format)
        {
            case EventFormat.Ecs: EventJson.WriteEcs(json, stored.Record, place); break;
            case EventFormat.Json: EventJson.Write(json, stored.Record, place); break;
            default: json.WriteStringValue(stored.Record.Xml); break;
        }
    }
}
