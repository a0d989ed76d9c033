using BenchmarkDotNet.Attributes;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Identify;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Benchmarks.Micro;

/// <summary>Bytes to a message, and back.</summary>
public class Envelopes
{
    private readonly Reply _reply = new(
        new MessageHeaders
        {
            Action = Actions.GetResponse,
            MessageId = Uuid.Format(Guid.NewGuid()),
            RelatesTo = Uuid.Format(Guid.NewGuid()),
            OperationId = Uuid.Format(Guid.NewGuid()),
            SequenceId = 1,
        },
        new IdentifyResponse("Farwire", "OS: 6.1.0 SP: 0.0 Stack: 3.0"));

    [Benchmark]
    public bool ReadIdentify() => Read(Samples.Identify).IsIdentify;

    [Benchmark]
    public string? ReadGet() => Read(Samples.Get).Headers.ResourceUri;

    [Benchmark]
    public int WriteReply()
    {
        using var xml = new XmlUtf8Writer(512_000);
        EnvelopeWriter.Write(xml, _reply);
        return xml.Length;
    }

    private static ReceivedRequest Read(byte[] envelope)
    {
        var request = EnvelopeReader.ReadRequest(envelope);
        request.Body.Xml.Dispose();
        return request;
    }
}
