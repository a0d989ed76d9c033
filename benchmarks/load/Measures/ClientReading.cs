using System.Diagnostics;
using System.Runtime.CompilerServices;
using Farwire.Benchmarks.Load.Servers;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Providers.Contract;

namespace Farwire.Benchmarks.Load.Measures;

/// <summary>Our client over recorded batches: bytes to typed instances, without a network.</summary>
internal sealed class ClientReading(Table table)
{
    private const string ResourceUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Synthetic_Sample";

    public async Task RunAsync()
    {
        await using var dispatcher = new Dispatcher(new ResourceCatalog().Add(new CimCatalog().Add(SyntheticProvider.Schema, new SyntheticProvider(20_000))));
        var recorded = new Recorder(dispatcher);
        var options = new WSManConnectionOptions { Address = new Uri("https://localhost:5986/wsman") };
        await ReadAsync(new WSManClient(recorded, options));
        var rates = new List<double>();
        for (var round = 0; round < 12; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await ReadAsync(new WSManClient(new Replay(recorded.Answers), options));
            if (round >= 4)
            {
                rates.Add(recorded.Answers.Sum(a => (long)a.Length) / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        table.AtLeast("client, envelopes to instances", Ratios.Middle(rates), 80, "MB/s");
    }

    private static async Task ReadAsync(WSManClient client)
    {
        var count = 0;
        await foreach (var _ in client.EnumerateInstancesAsync(ResourceUri, new EnumerationRequest { BatchItems = 1000 }))
        {
            count++;
        }

        Debug.Assert(count == 20_000);
    }

    private sealed class Recorder(Dispatcher dispatcher) : IMessageChannel
    {
        public List<byte[]> Answers { get; } = [];

        public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var xml = new XmlUtf8Writer();
            EnvelopeWriter.Write(xml, request);
            using var reply = await dispatcher.ProcessAsync(xml.Written, Caller.Named("bench"), cancellationToken);
            Answers.Add(reply.Utf8.ToArray());
            yield return EnvelopeReader.ReadReply(Answers[^1]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Replay(IEnumerable<byte[]> answers) : IMessageChannel
    {
        private readonly Queue<byte[]> _answers = new(answers);

        public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await ValueTask.CompletedTask;
            yield return EnvelopeReader.ReadReply(_answers.Dequeue());
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
