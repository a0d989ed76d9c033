using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Farwire.AspNetCore;
using Farwire.Hosting.Listeners;

namespace Farwire.Hosting.Diagnostics;

/// <summary>What the local endpoint shows of the service: <c>/health</c>, <c>/metrics</c>, and to administrators <c>/trace</c>.</summary>
internal sealed class ServicePages(ListenerTable listeners, MeterText measurements, SoapTrace trace, TimeProvider time)
{
    // Whoever reads more slowly than messages come misses some, and is told how many.
    private const int MaxWaiting = 256;

    public IReadOnlyList<LocalPage> All =>
    [
        new("/health", "application/json", WriteHealthAsync) { Status = () => listeners.States.All(state => state.Problem is null) ? 200 : 503 },
        new("/metrics", MeterText.ContentType, (writer, cancellation) => writer.WriteAsync(Encoding.UTF8.GetBytes(measurements.ToString()), cancellation).AsTask()),
        new("/trace", "application/x-ndjson", WriteTraceAsync) { IsForAdministrators = true },
    ];

    private async Task WriteHealthAsync(PipeWriter writer, CancellationToken cancellation)
    {
        using (var json = new Utf8JsonWriter(writer))
        {
            var states = listeners.States;
            json.WriteStartObject();
            json.WriteString("status", states.All(state => state.Problem is null) ? "ok" : "degraded");
            json.WriteStartArray("listeners");
            foreach (var state in states)
            {
                json.WriteStartObject();
                json.WriteString("listener", state.Id);
                json.WriteNumber("port", state.Port);
                if (state.Problem is not null)
                {
                    json.WriteString("problem", state.Problem);
                }

                if (state.CertificateExpires is { } expires)
                {
                    json.WriteString("certificateExpires", expires.ToUniversalTime());
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await writer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task WriteTraceAsync(PipeWriter writer, CancellationToken cancellation)
    {
        await writer.FlushAsync(cancellation).ConfigureAwait(false); // the headers: whoever waits for them knows that the trace has begun
        var waiting = Channel.CreateBounded<TracedMessage>(MaxWaiting);
        var missed = 0;
        using var watching = trace.Watch(message =>
        {
            if (!waiting.Writer.TryWrite(message))
            {
                Interlocked.Increment(ref missed);
            }
        });
        try
        {
            await foreach (var message in waiting.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                WriteMessage(writer, message, Interlocked.Exchange(ref missed, 0));
                await writer.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Whoever watched has seen enough.
        }
    }

    private void WriteMessage(PipeWriter writer, TracedMessage message, int missed)
    {
        using (var json = new Utf8JsonWriter(writer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow());
            json.WriteString("direction", message.IsRequest ? "request" : "answer");
            json.WriteString("address", message.Address);
            json.WriteString("user", message.User);
            json.WriteString("message", message.Xml);
            if (missed > 0)
            {
                json.WriteNumber("missed", missed);
            }

            json.WriteEndObject();
        }

        writer.Write("\n"u8);
    }
}
