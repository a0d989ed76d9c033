using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Robust;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Robust;

/// <summary>What the two sides of a robust operation say to each other beside question and answer.</summary>
/// <remarks>
/// MS-WSMV, "Robust Connection Support", "Full Duplex". 1. A repeated request is acknowledged, and then gets the answer of the first. 2. While an operation takes
/// long, the service says that it lives, so that nothing on the way takes the connection for dead. 3. A client says that it lives, what it has
/// heard, and when it is done; that has no answer. Control messages have the operation's id and no number of their own.
/// </remarks>
/// <param name="operations">The operations.</param>
/// <param name="time">The clock of waiting.</param>
/// <param name="encode">A message as bytes.</param>
/// <param name="refuse">A fault as bytes, for the sender of the headers.</param>
internal sealed class RobustExchange(
    RobustOperations operations, TimeProvider time, Func<Reply, EncodedReply> encode, Func<WSManFaultException, MessageHeaders, EncodedReply> refuse)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>Answers a request that has an id.</summary>
    /// <param name="headers">What the request says of itself.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="timeout">How long the operation may take.</param>
    /// <param name="run">Does what it asks for, once.</param>
    /// <param name="clientGone">Ends when nobody waits on this connection any more.</param>
    public async ValueTask<EncodedReply> AnswerAsync(
        MessageHeaders headers, Caller caller, TimeSpan timeout, Func<CancellationToken, ValueTask<EncodedReply>> run, CancellationToken clientGone)
    {
        RobustOperation operation;
        bool isRepeated;
        try
        {
            operation = operations.Enter(headers, caller, run, out isRepeated);
        }
        catch (WSManFaultException e)
        {
            return refuse(e, headers);
        }

        var silence = timeout * 0.7 < LongestSilence ? timeout * 0.7 : LongestSilence;
        return isRepeated
            ? Control(headers, Actions.Acknowledge, ResourceUris.RobustConnection, new Acknowledge(1)).FollowedBy(NextAsync) // 1
            : await NextAsync(clientGone).ConfigureAwait(false);

        async ValueTask<EncodedReply> NextAsync(CancellationToken gone)
        {
            try
            {
                return await operation.ReplyAsync(silence, time, gone).ConfigureAwait(false)
                    ?? Control(headers, Actions.KeepAlive, ResourceUris.FullDuplex, EmptyBody.Instance).FollowedBy(NextAsync); // 2
            }
            catch (WSManFaultException e)
            {
                return refuse(e, headers);
            }
            catch (OperationCanceledException) when (!gone.IsCancellationRequested)
            {
                return refuse(FaultCatalog.OperationAborted.Fault("the service is stopping."), headers);
            }
        }
    }

    /// <summary>Hears a message about an operation.</summary>
    public EncodedReply Hear(ReceivedRequest message, Caller caller) // 3
    {
        var headers = message.Headers;
        var operation = operations.Find(caller.Name, headers.OperationId);
        if (ControlMessages.IsEnd(headers.Action))
        {
            operations.Follow(caller); // whatever id it bears, the connection's answers have been read
            if (operation is not null)
            {
                operations.Forget(operation);
            }
        }
        else if (ControlMessages.IsAcknowledge(headers.Action))
        {
            try
            {
                if (Acknowledge.Read(message.Body).LastSequenceIdReceived > 0 && operation is { IsComplete: true })
                {
                    operations.Forget(operation);
                }
            }
            catch (WSManFaultException e)
            {
                return refuse(e, headers);
            }
        }
        else
        {
            operation?.Touch(time);
        }

        return EncodedReply.None;
    }

    private EncodedReply Control(MessageHeaders headers, string action, string resourceUri, IBody body) => encode(new Reply(
        new MessageHeaders
        {
            Action = action,
            ResourceUri = resourceUri,
            MessageId = Uuid.Format(Guid.NewGuid()),
            RelatesTo = headers.MessageId,
            OperationId = headers.OperationId,
        },
        body));
}
