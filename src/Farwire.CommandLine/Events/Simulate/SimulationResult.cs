using System.Globalization;
using System.Text.Json;

namespace Farwire.CommandLine.Events.Simulate;

/// <summary>What a simulation came to.</summary>
/// <param name="Sources">Sources that were connected at once.</param>
/// <param name="Events">Events that were acknowledged.</param>
/// <param name="Opening">How long all took to connect and to send their first heartbeat.</param>
/// <param name="Sending">How long the batches took.</param>
/// <param name="Milliseconds">From each batch to its Ack, in order.</param>
/// <param name="Refused">Messages that the collector put off.</param>
internal sealed record SimulationResult(int Sources, long Events, TimeSpan Opening, TimeSpan Sending, double[] Milliseconds, long Refused)
{
    public double EventsPerSecond => Events / Math.Max(Sending.TotalSeconds, 0.001);

    public void Write(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sources:#,0} sources connected in {Opening.TotalSeconds:0.0} s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Events:#,0} events acknowledged in {Sending.TotalSeconds:0.0} s: {EventsPerSecond:#,0} events/s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ack p50 {Percentile(0.5):0} ms, p99 {Percentile(0.99):0} ms; {Refused:#,0} put off"));
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("sources", Sources);
        json.WriteNumber("events", Events);
        json.WriteNumber("openingSeconds", Math.Round(Opening.TotalSeconds, 3));
        json.WriteNumber("sendingSeconds", Math.Round(Sending.TotalSeconds, 3));
        json.WriteNumber("eventsPerSecond", Math.Round(EventsPerSecond));
        json.WriteNumber("ackP50Milliseconds", Math.Round(Percentile(0.5), 1));
        json.WriteNumber("ackP99Milliseconds", Math.Round(Percentile(0.99), 1));
        json.WriteNumber("refused", Refused);
        json.WriteEndObject();
    }

    private double Percentile(double part) => Milliseconds.Length == 0 ? 0 : Milliseconds[(int)Math.Min(Milliseconds.Length * part, Milliseconds.Length - 1)];
}
