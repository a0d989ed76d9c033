using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;

namespace Farwire.TestKit;

/// <summary>Requests in one line, answers read to the end.</summary>
public static class Exchange
{
    /// <summary>Headers of a request with a message id of its own.</summary>
    public static MessageHeaders Headers(string action, string resourceUri, params ReadOnlySpan<(string Name, string Value)> selectors) => new()
    {
        To = "http://box:5985/wsman",
        Action = action,
        MessageId = Uuid.Format(Guid.NewGuid()),
        ResourceUri = resourceUri,
        Selectors = SelectorSet.Of(selectors),
    };

    /// <summary>Sends a request and answers its one reply, whatever it is.</summary>
    public static async Task<ReceivedReply> AskAsync(
        this IMessageChannel channel, MessageHeaders headers, IBody? body = null, CancellationToken cancellationToken = default)
    {
        await foreach (var reply in channel.SendAsync(new Request(headers, body ?? EmptyBody.Instance), cancellationToken))
        {
            return reply;
        }

        throw new InvalidOperationException("The service did not answer.");
    }

    /// <summary>Sends a request that must fail, and answers the fault.</summary>
    public static async Task<WSManFault> FaultAsync(this IMessageChannel channel, MessageHeaders headers, IBody? body = null)
    {
        using var reply = await channel.AskAsync(headers, body);
        return reply.Fault ?? throw new InvalidOperationException($"The service answered '{reply.Headers.Action}' where a fault was expected.");
    }
}
