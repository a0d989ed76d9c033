using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Farwire.Events.Records;

namespace Farwire.Events.Export;

/// <summary>Where an event was kept, for exports.</summary>
/// <param name="Sequence">Its number in the store.</param>
/// <param name="Received">When it came, UTC.</param>
/// <param name="Source">The authenticated sender.</param>
/// <param name="Subscription">The subscription.</param>
public sealed record EventPlace(long Sequence, DateTime Received, string Source, string Subscription);

/// <summary>Events as JSON, one object each.</summary>
/// <remarks>
/// Two forms. Our own: <c>System</c>, <c>EventData</c>, <c>UserData</c>, <c>Message</c> as the event has them, and <c>Forwarding</c>. And that of the
/// Elastic Common Schema, "Event fields", "Log fields", "Host fields", with the names that Winlogbeat gives below <c>winlog</c>.
/// </remarks>
public static class EventJson
{
    /// <summary>How the forms are written: characters of other scripts stay as they are.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] LevelNames = ["information", "critical", "error", "warning", "information", "verbose"];

    /// <summary>Writes an event in our own form; one that was kept nowhere has no place.</summary>
    public static void Write(Utf8JsonWriter json, EventRecord record, EventPlace? place)
    {
        var s = record.System;
        json.WriteStartObject();
        json.WriteStartObject("System");
        Text(json, "Provider", s.ProviderName);
        Text(json, "ProviderGuid", s.ProviderGuid);
        Number(json, "EventID", s.EventId);
        Number(json, "Qualifiers", s.Qualifiers);
        Number(json, "Version", s.Version);
        Number(json, "Level", s.Level);
        Number(json, "Task", s.Task);
        Number(json, "Opcode", s.Opcode);
        Text(json, "Keywords", Bits(s.Keywords));
        Text(json, "TimeCreated", TimeOf(s));
        Text(json, "EventRecordID", s.RecordId?.ToString(CultureInfo.InvariantCulture)); // 64 bits: as text
        Text(json, "ActivityID", s.ActivityId);
        Text(json, "RelatedActivityID", s.RelatedActivityId);
        Number(json, "ProcessID", s.ProcessId);
        Number(json, "ThreadID", s.ThreadId);
        Text(json, "Channel", s.Channel);
        Text(json, "Computer", s.Computer);
        Text(json, "UserID", s.UserId);
        json.WriteEndObject();
        Data(json, "EventData", record);
        User(json, "UserData", record);
        Text(json, "Message", record.Message);
        if (place is not null)
        {
            json.WriteStartObject("Forwarding");
            json.WriteNumber("Sequence", place.Sequence);
            json.WriteString("Received", EventTime.Format(place.Received));
            json.WriteString("Source", place.Source);
            json.WriteString("Subscription", place.Subscription);
            json.WriteEndObject();
        }

        if (record.Problem is not null)
        {
            json.WriteString("Problem", record.Problem);
            json.WriteString("Raw", record.Xml);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes an event in the Elastic Common Schema; one that was kept nowhere has no place.</summary>
    public static void WriteEcs(Utf8JsonWriter json, EventRecord record, EventPlace? place)
    {
        var s = record.System;
        json.WriteStartObject();
        Text(json, "@timestamp", TimeOf(s) ?? ReceivedOf(place));
        Text(json, "message", record.Message);
        json.WriteStartObject("event");
        Text(json, "code", s.EventId?.ToString(CultureInfo.InvariantCulture));
        Text(json, "provider", s.ProviderName);
        Text(json, "ingested", ReceivedOf(place));
        json.WriteString("kind", "event");
        Text(json, "outcome", (s.Keywords & 0x20000000000000) > 0 ? "success" : (s.Keywords & 0x10000000000000) > 0 ? "failure" : null);
        if (record.Problem is not null)
        {
            json.WriteString("original", record.Xml);
        }

        json.WriteEndObject();
        json.WriteStartObject("host");
        Text(json, "name", s.Computer ?? place?.Source);
        json.WriteEndObject();
        json.WriteStartObject("log");
        json.WriteString("level", LevelNames[s.Level is >= 0 and < 6 and var level ? level : 4]);
        json.WriteEndObject();
        json.WriteStartObject("observer");
        json.WriteString("product", "Farwire");
        json.WriteEndObject();
        json.WriteStartObject("winlog");
        Text(json, "channel", s.Channel);
        Text(json, "computer_name", s.Computer);
        Text(json, "event_id", s.EventId?.ToString(CultureInfo.InvariantCulture));
        Text(json, "record_id", s.RecordId?.ToString(CultureInfo.InvariantCulture));
        Text(json, "provider_name", s.ProviderName);
        Text(json, "provider_guid", s.ProviderGuid);
        Number(json, "task_id", s.Task);
        Number(json, "opcode_id", s.Opcode);
        Number(json, "version", s.Version);
        Text(json, "activity_id", s.ActivityId);
        Text(json, "keywords_mask", Bits(s.Keywords));
        if (s.ProcessId is not null)
        {
            json.WriteStartObject("process");
            Number(json, "pid", s.ProcessId);
            json.WriteStartObject("thread");
            Number(json, "id", s.ThreadId);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (s.UserId is not null)
        {
            json.WriteStartObject("user");
            json.WriteString("identifier", s.UserId);
            json.WriteEndObject();
        }

        Data(json, "event_data", record);
        User(json, "user_data", record);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string? TimeOf(EventSystem system) => system.TimeText ?? (system.TimeCreated is { } time ? EventTime.Format(time) : null);

    private static string? ReceivedOf(EventPlace? place) => place is null ? null : EventTime.Format(place.Received);

    private static string? Bits(ulong? keywords) => keywords is { } bits ? string.Create(CultureInfo.InvariantCulture, $"0x{bits:x16}") : null;

    // Named data by name, the rest by place; a name that comes twice keeps its first value under its name and the others under name_2 and so on.
    private static void Data(Utf8JsonWriter json, string name, EventRecord record)
    {
        if (record.Root.Child("EventData") is not { Children.Count: > 0 } data)
        {
            return;
        }

        json.WriteStartObject(name);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var place = 0;
        foreach (var child in data.Children)
        {
            place++;
            var key = child.Attribute("Name") is { Length: > 0 } named ? named : child.Name == "Data" ? $"param{place}" : child.Name;
            seen[key] = seen.GetValueOrDefault(key) + 1;
            json.WriteString(seen[key] == 1 ? key : $"{key}_{seen[key]}", child.Value);
        }

        json.WriteEndObject();
    }

    private static void User(Utf8JsonWriter json, string name, EventRecord record)
    {
        if (record.Root.Child("UserData") is { Children.Count: > 0 } data)
        {
            json.WritePropertyName(name);
            Element(json, data);
        }
    }

    private static void Element(Utf8JsonWriter json, EventElement element)
    {
        if (element.Children.Count == 0)
        {
            json.WriteStringValue(element.Value);
            return;
        }

        json.WriteStartObject();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var child in element.Children)
        {
            seen[child.Name] = seen.GetValueOrDefault(child.Name) + 1;
            json.WritePropertyName(seen[child.Name] == 1 ? child.Name : $"{child.Name}_{seen[child.Name]}");
            Element(json, child);
        }

        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
