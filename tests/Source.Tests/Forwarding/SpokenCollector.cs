using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Farwire.Client.Connection;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Source.Tests.Forwarding;

/// <summary>A collector's end of a delivery connection: it tells what came, and acknowledges when the test lets it.</summary>
internal sealed class SpokenCollector : IMessageChannel
{
    private readonly Channel<Said> _said = Channel.CreateUnbounded<Said>();

    /// <summary>Answers that fail before the collector begins to acknowledge.</summary>
    public int Refusals { get; set; }

    /// <summary>What the source said next.</summary>
    public async Task<Said> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _said.Reader.ReadAsync(patience.Token);
    }

    public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        await _said.Writer.WriteAsync(new Said(request.Headers, request.Body), cancellationToken);
        if (Refusals > 0)
        {
            Refusals--;
            throw new WSManTransportException(TransportFailure.HttpStatus, "503", "Wait.");
        }

        var ack = $"""
            <s:Envelope xmlns:s="{Namespaces.Soap}" xmlns:a="{Namespaces.Addressing}"><s:Header><a:Action>{Actions.Ack}</a:Action>
            <a:MessageID>{Uuid.Format(Guid.NewGuid())}</a:MessageID><a:RelatesTo>{request.Headers.MessageId}</a:RelatesTo></s:Header><s:Body/></s:Envelope>
            """;
        yield return EnvelopeReader.ReadReply(Encoding.UTF8.GetBytes(ack));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>One message of the source.</summary>
    public sealed record Said(MessageHeaders Headers, IBody Body)
    {
        public string Kind => Headers.Action![(Headers.Action!.LastIndexOf('/') + 1)..];

        public IReadOnlyList<string> Events => ((EventBatch)Body).Events;
    }
}
