using System.Buffers;
using System.Diagnostics;
using System.Text;
using Farwire.Events.Compression;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;

namespace Farwire.Benchmarks.Events;

/// <summary>Each step by itself, on one processor.</summary>
internal static class Steps
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    public static void Run(string[] samples)
    {
        var records = samples.Select(EventRecord.Read).ToArray();
        var batch = samples.Take(50).ToArray();
        var envelope = Batches.Envelope("s", batch, 1);
        var utf16 = Batches.Utf16(envelope);
        var packed = Batches.Packed(utf16);
        var output = new ArrayBufferWriter<byte>(utf16.Length * 2);

        Row("read an event (properties, well-formedness)", samples.Length, () => Array.ForEach(samples, xml => EventRecord.Read(xml)), "events/s");
        Row("read an event and build its elements", samples.Length, () => Array.ForEach(samples, xml => _ = EventRecord.Read(xml).Root), "events/s");
        Row("read an envelope of 50 events, UTF-8", 50, () => EventBatch.Read(EnvelopeReader.ReadRequest(envelope).Body), "events/s");
        Row("UTF-16 to UTF-8, envelope, 50 events read", 50, () =>
        {
            var utf8 = MessageBytes.ToUtf8Tolerant(utf16, "UTF-16", new ArrayBufferWriter<byte>(), out _);
            foreach (var xml in EventBatch.Read(EnvelopeReader.ReadRequest(utf8, new EnvelopeQuota { MaxBytes = 4_000_000 }).Body).Events)
            {
                EventRecord.Read(xml);
            }
        }, "events/s");
        var system = EventFilter.Parse("*[System[Provider[@Name='EventLog' or @Name='Microsoft-Windows-Kernel-General'] and (Level=1 or Level=2 or EventID=6005)]]");
        var data = EventFilter.Parse("*[EventData[Data[@Name='MajorVersion']=10]]");
        Array.ForEach(records, record => _ = record.Root);
        Row("filter on System", records.Length, () => Array.ForEach(records, record => system.Matches(record)), "events/s");
        Row("filter on EventData, elements built", records.Length, () => Array.ForEach(records, record => data.Matches(record)), "events/s");
        var fresh = samples.Select(EventRecord.Read).ToArray();
        var absent = EventFilter.Parse("*[EventData[Data[@Name='nowhere']='x']]");
        Row("filter on EventData that names a field no event has", fresh.Length, () => Array.ForEach(fresh, record => absent.Matches(record)), "events/s");
        Row("SLDC unpack", utf16.Length, () =>
        {
            output.ResetWrittenCount();
            SldcDecoder.Decode(packed, output, 10_000_000);
        }, "MB/s of output", 1_000_000);
        Row("SLDC pack", utf16.Length, () =>
        {
            output.ResetWrittenCount();
            SldcEncoder.Encode(utf16, output);
        }, "MB/s of input", 1_000_000);
        Console.WriteLine($"{"SLDC ratio of a batch of 50",-55} {(double)utf16.Length / packed.Length,12:0.0} : 1");
    }

    public static void Row(string name, double units, Action action, string unit, double scale = 1)
    {
        // By the processor's time, so that what else runs on the machine counts little.
        action();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var rounds = 0;
        while (clock.Elapsed < Duration)
        {
            action();
            rounds++;
        }

        process.Refresh();
        Console.WriteLine($"{name,-55} {units * rounds / (process.TotalProcessorTime - before).TotalSeconds / scale,12:#,0} {unit}");
    }
}
