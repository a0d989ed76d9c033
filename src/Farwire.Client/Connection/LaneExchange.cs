using System.Collections.Concurrent;
using System.Net;

namespace Farwire.Client.Connection;

/// <summary>Schemes that prove the connection: lanes that carry one message at a time, as many as there are messages at once.</summary>
internal sealed class LaneExchange(WSManConnectionOptions options, AuthenticationMethod method) : IHttpExchange
{
    private readonly ConcurrentBag<AuthenticatedLane> _idle = [];
    private volatile bool _closed;

    public async Task<HttpAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (!_idle.TryTake(out var lane))
        {
            lane = new AuthenticatedLane(options, method);
        }

        try
        {
            var answer = await lane.SendAsync(message, cancellationToken).ConfigureAwait(false);
            if (!_closed && answer.Status != HttpStatusCode.Unauthorized)
            {
                _idle.Add(lane);
                lane = null;
            }

            return answer;
        }
        finally
        {
            // A lane that broke is of no use: numbers and key streams of the two sides differ.
            lane?.Dispose();
        }
    }

    public WSManTransportException Refused(HttpAnswer answer) => new(
        TransportFailure.Authentication,
        $"{options.Address} refuses a message of a connection that it had authenticated.",
        $"The service may ask for sealed messages, or keep the account from remote access; it offers {answer.Offered}.");

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var lane))
        {
            lane.Dispose();
        }
    }
}
