using System.Runtime.CompilerServices;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Loopback;

/// <summary>A channel straight into a dispatcher of this process: every byte of the protocol, no socket.</summary>
/// <param name="dispatcher">The service.</param>
/// <param name="caller">Who the requests come from.</param>
public sealed class LoopbackChannel(Dispatcher dispatcher, Caller caller) : IMessageChannel
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, request);
        for (var reply = await dispatcher.ProcessAsync(xml.Written, caller, cancellationToken).ConfigureAwait(false); reply.Utf8.Length > 0;)
        {
            var following = reply.Following;
            yield return EnvelopeReader.ReadReply(reply.Utf8).Owning(reply);
            if (following is null)
            {
                yield break;
            }

            reply = await following(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
