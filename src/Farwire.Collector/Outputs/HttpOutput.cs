using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Farwire.Collector.Store;
using Farwire.Events.Export;

namespace Farwire.Collector.Outputs;

/// <summary>The shapes of bodies that receivers of events over HTTP expect.</summary>
public enum HttpShape
{
    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>Splunk's HTTP Event Collector.</summary>
    SplunkHec,

    /// <summary>The bulk interface of Elasticsearch and OpenSearch; the answer tells of each event.</summary>
    ElasticsearchBulk,
}

/// <summary>Posts events as JSON.</summary>
/// <param name="client">The client, with the receiver's certificates and authorisation; owned.</param>
/// <param name="address">Where to post.</param>
/// <param name="shape">The form of the body.</param>
/// <param name="format">How each event is written.</param>
/// <param name="index">Elasticsearch's index or data stream.</param>
public sealed class HttpOutput(HttpClient client, Uri address, HttpShape shape = HttpShape.JsonLines, EventFormat format = EventFormat.Ecs, string index = "logs-winlog-default") : IEventOutput
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(events.Count * 1024);
        foreach (var stored in events)
        {
            Write(body, stored);
            body.Write("\n"u8);
        }

        using var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue(shape == HttpShape.SplunkHec ? "application/json" : "application/x-ndjson");
        try
        {
            using var answer = await client.PostAsync(address, content, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                throw new OutputException($"{address} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
            }

            return shape == HttpShape.ElasticsearchBulk
                ? Refused(events, await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false))
                : [];
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OutputException($"{address} does not take events: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(ArrayBufferWriter<byte> body, StoredEvent stored)
    {
        switch (shape)
        {
            case HttpShape.ElasticsearchBulk:
                using (var json = new Utf8JsonWriter(body))
                {
                    json.WriteStartObject();
                    json.WriteStartObject("create");
                    json.WriteString("_index", index);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                body.Write("\n"u8);
                break;
            case HttpShape.SplunkHec:
                using (var json = new Utf8JsonWriter(body, EventJson.Options))
                {
                    var time = stored.System.TimeCreated ?? stored.Origin.Received;
                    json.WriteStartObject();
                    json.WriteNumber("time", decimal.Round((decimal)(time - DateTime.UnixEpoch).TotalSeconds, 3));
                    json.WriteString("host", stored.System.Computer ?? stored.Origin.Source);
                    json.WriteString("source", string.Create(CultureInfo.InvariantCulture, $"WinEventLog:{stored.System.Channel}"));
                    json.WriteString("sourcetype", format == EventFormat.Xml ? "XmlWinEventLog" : "_json");
                    json.WritePropertyName("event");
                    EventLine.WriteJson(json, stored, format);
                    json.WriteEndObject();
                }

                return;
        }

        using var line = new Utf8JsonWriter(body, EventJson.Options);
        EventLine.WriteJson(line, stored, format);
    }

    // Of events that may be taken later (429, 5xx) the whole batch is sent again; the others never will be.
    private List<(StoredEvent Event, string Reason)> Refused(IReadOnlyList<StoredEvent> events, byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        var refused = new List<(StoredEvent, string)>();
        if (!json.RootElement.GetProperty("errors").GetBoolean())
        {
            return refused;
        }

        var place = 0;
        foreach (var item in json.RootElement.GetProperty("items").EnumerateArray())
        {
            var outcome = item.EnumerateObject().First().Value;
            var status = outcome.GetProperty("status").GetInt32();
            if (status is (int)HttpStatusCode.TooManyRequests or >= 500)
            {
                throw new OutputException($"{address} has no room for some of the events ({status}).");
            }

            if (status >= 300)
            {
                refused.Add((events[place], outcome.TryGetProperty("error", out var error) ? error.ToString() : status.ToString(CultureInfo.InvariantCulture)));
            }

            place++;
        }

        return refused;
    }
}
