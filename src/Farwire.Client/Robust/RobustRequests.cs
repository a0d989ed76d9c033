using Farwire.Client.Connection;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Client.Robust;

/// <summary>Requests that survive a broken connection: each is done once, and its answer arrives once.</summary>
/// <remarks>
/// MS-WSMV, "Robust connections". 1. Every request has an operation id; a service that knows what that means repeats it in its answer. 2. When the way
/// breaks the same request goes again, its id marked with mustUnderstand, and gets the answer of the first. 3. After
/// <see cref="WSManConnectionOptions.MaxRetryTime"/> the shell counts as left. With a service that does not know operation ids nothing is repeated:
/// whether the first was done cannot be known. Of one that has not answered yet a shell may be asked for again, for some seconds: who does not know
/// operation ids does not understand the second request, and an unused shell ends by itself. 4. Where nothing follows on a connection, End says that the answer arrived.
/// </remarks>
/// <param name="client">The way.</param>
/// <param name="isServed">The service is known to know operation ids.</param>
/// <param name="tell">Hears what happens to the way.</param>
internal sealed class RobustRequests(WSManClient client, bool isServed, Action<ConnectionEvent> tell)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstRetryTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = client.Options.Time;

    /// <summary>The service is known to know operation ids.</summary>
    public bool IsServed => isServed;

    /// <summary>Sends a request that is done once.</summary>
    public Task<ReceivedReply> SendAsync(Request request, CancellationToken cancellationToken) => RepeatAsync(WithId(request), cancellationToken); // 1

    /// <summary>Sends a request that may be done twice without harm, and so needs no id.</summary>
    public async Task<ReceivedReply> RepeatAsync(Request request, CancellationToken cancellationToken)
    {
        long? broken = null;
        var pause = TimeSpan.Zero; // most broken connections are only old ones
        while (true)
        {
            try
            {
                var reply = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
                isServed |= reply.Headers.OperationId is not null;
                Mended(broken);
                return reply;
            }
            catch (WSManFaultException)
            {
                Mended(broken);
                throw;
            }
            catch (OperationCanceledException) when (broken is not null && cancellationToken.IsCancellationRequested)
            {
                tell(ConnectionEvent.RetryAborted); // in the middle of a try; below, between two
                throw;
            }
            catch (WSManTransportException e) when (MayRepeat(request, e.Failure, isFirst: broken is null))
            {
                if (broken is null)
                {
                    broken = _time.GetTimestamp();
                    tell(ConnectionEvent.NetworkFailureDetected);
                }

                if (_time.GetElapsedTime(broken.Value) >= MaxRetryTime()) // 3
                {
                    tell(ConnectionEvent.AutoDisconnecting);
                    tell(ConnectionEvent.AutoDisconnected);
                    throw;
                }
            }

            try
            {
                await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                tell(ConnectionEvent.RetryAborted);
                throw;
            }

            pause = pause == TimeSpan.Zero ? FirstPause : pause < LongestPause ? pause * 2 : LongestPause;
            tell(ConnectionEvent.Retrying);
            request = request with { Headers = request.Headers with { OperationIdIsRetry = true } }; // 2
        }
    }

    /// <summary>Tells the service that the answer of an operation has arrived, when no other request will follow on its connection.</summary>
    public async Task EndAsync(string? operationId)
    {
        if (operationId is null)
        {
            return; // it keeps no answers
        }

        var headers = client.Headers(Actions.End, ResourceUris.FullDuplex) with { To = EndpointReference.Anonymous, ReplyTo = "", OperationId = operationId };
        using var patience = new CancellationTokenSource(EndPatience, _time);
        try
        {
            await client.TellAsync(new Request(headers, EmptyBody.Instance), patience.Token).ConfigureAwait(false); // 4
        }
        catch (Exception e) when (e is WSManTransportException or OperationCanceledException or ObjectDisposedException)
        {
            // The service forgets by itself, only later.
        }
    }

    private static Request WithId(Request request) => request with { Headers = request.Headers with { OperationId = Uuid.Format(Guid.NewGuid()), SequenceId = 1 } };

    // Where nobody ever was, nobody is waited for.
    private bool MayRepeat(Request request, TransportFailure failure, bool isFirst) =>
        IsBroken(failure) && (isServed || (request.Headers.Action == Actions.Create && (!isFirst || failure == TransportFailure.ConnectionLost)));

    private TimeSpan MaxRetryTime() => isServed || client.Options.MaxRetryTime < FirstRetryTime ? client.Options.MaxRetryTime : FirstRetryTime;

    private static bool IsBroken(TransportFailure failure) =>
        failure is TransportFailure.ConnectionLost or TransportFailure.Connect or TransportFailure.TimedOut or TransportFailure.Tls or TransportFailure.NameResolution;

    private void Mended(long? broken)
    {
        if (broken is not null)
        {
            tell(ConnectionEvent.Reconnected);
        }
    }
}
