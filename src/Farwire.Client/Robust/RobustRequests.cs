using Farwire.Client.Connection;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;

namespace Farwire.Client.Robust;

/// <summary>Requests that survive a broken connection: each is done once, and its answer arrives once.</summary>
/// <remarks>
/// MS-WSMV, "Robust connections". 1. Every request has an operation id; a service that knows what that means repeats it in its answer. 2. When the way
/// breaks the same request goes again, its id marked with mustUnderstand, and gets the answer of the first. 3. After
/// <see cref="WSManConnectionOptions.MaxRetryTime"/> the shell counts as left. With a service that does not know operation ids nothing is repeated:
/// whether the first was done cannot be known.
/// </remarks>
/// <param name="client">The way.</param>
/// <param name="isServed">The service is known to know operation ids.</param>
/// <param name="tell">Hears what happens to the way.</param>
internal sealed class RobustRequests(WSManClient client, bool isServed, Action<ConnectionEvent> tell)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time = client.Options.Time;

    public async Task<ReceivedReply> SendAsync(Request request, CancellationToken cancellationToken)
    {
        request = WithId(request); // 1
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
            catch (WSManTransportException e) when (isServed && IsBroken(e.Failure))
            {
                if (broken is null)
                {
                    broken = _time.GetTimestamp();
                    tell(ConnectionEvent.NetworkFailureDetected);
                }

                if (_time.GetElapsedTime(broken.Value) >= client.Options.MaxRetryTime) // 3
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

    /// <summary>The request as the first of an operation.</summary>
    public static Request WithId(Request request) => request with { Headers = request.Headers with { OperationId = Uuid.Format(Guid.NewGuid()), SequenceId = 1 } };

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
