using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.CommandLine.Events.Simulate;

/// <summary>Sources of events by the thousand: each asks for its subscription, keeps a connection, and sends its batches one after another.</summary>
/// <remarks>
/// MS-WSMV, "Event subscription". 1. Enumerate: where to deliver. 2. All connect and send a heartbeat. 3. The clock starts; each sends a batch, waits for its
/// Ack, and only then writes into the ledger. What is refused, or was under way on a connection that broke,
/// is sent again after a while, as Windows does.
/// </remarks>
internal sealed class Simulation(SimulationPlan plan, Action<string> tell)
{
    private const int Openings = 64;
    private const int MaxBroken = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly int[] _acknowledged = new int[plan.Sources + 1];
    private int _connected;
    private long _refused;

    /// <summary>The last record that each source knows to be safe, by its number from 1.</summary>
    public IReadOnlyList<int> Acknowledged => _acknowledged;

    public async Task<SimulationResult> RunAsync(CancellationToken cancellationToken)
    {
        // 1
        var (notifyTo, identifier) = await SubscribeAsync(cancellationToken).ConfigureAwait(false);
        var path = new Uri(notifyTo).AbsolutePath;
        var (bodies, heartbeat) = (plan.Bodies(notifyTo, identifier), plan.Heartbeat(notifyTo, identifier));

        // 2
        var opening = Stopwatch.StartNew();
        var sockets = new SourceSocket[plan.Sources + 1];
        using (var openings = new SemaphoreSlim(Openings))
        {
            await Task.WhenAll(Enumerable.Range(1, plan.Sources).Select(async number =>
            {
                await openings.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    sockets[number] = await SourceSocket.ConnectAsync(plan.Address, plan.Pin, cancellationToken).ConfigureAwait(false);
                    await SendAsync(sockets[number], plan.HeadFor(path, number, plan.IsPacked), heartbeat, cancellationToken).ConfigureAwait(false);
                    if (Interlocked.Increment(ref _connected) % 1000 == 0)
                    {
                        tell($"{_connected} sources are connected");
                    }
                }
                finally
                {
                    openings.Release();
                }
            })).ConfigureAwait(false);
        }

        opening.Stop();

        // 3
        var clock = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(1, plan.Sources).Select(number => Task.Run(() => DeliverAsync(sockets[number], path, number, bodies, cancellationToken), cancellationToken))).ConfigureAwait(false);
        clock.Stop();
        foreach (var socket in sockets.Skip(1))
        {
            await socket.DisposeAsync().ConfigureAwait(false);
        }

        var all = times.SelectMany(t => t).Order().ToArray();
        return new SimulationResult(plan.Sources, _acknowledged.Sum(a => (long)a), opening.Elapsed, clock.Elapsed, all, _refused);
    }

    private async Task<List<double>> DeliverAsync(SourceSocket socket, string path, int number, byte[][] bodies, CancellationToken cancellationToken)
    {
        var head = plan.HeadFor(path, number, plan.IsPacked);
        var times = new List<double>(bodies.Length);

        // Not all at the same moment: each somewhere in its first interval.
        if (plan.Interval > TimeSpan.Zero)
        {
            await Task.Delay(plan.Interval * (number / (double)plan.Sources), cancellationToken).ConfigureAwait(false);
        }

        for (var batch = 0; batch < bodies.Length; batch++)
        {
            var began = Stopwatch.GetTimestamp();
            await SendAsync(socket, head, bodies[batch], cancellationToken).ConfigureAwait(false);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            _acknowledged[number] = (batch + 1) * plan.BatchEvents;
            if (plan.Interval > TimeSpan.Zero && batch + 1 < bodies.Length)
            {
                await Task.Delay(plan.Interval, cancellationToken).ConfigureAwait(false);
            }
        }

        return times;
    }

    private async Task SendAsync(SourceSocket socket, string head, byte[] body, CancellationToken cancellationToken)
    {
        for (var broken = 0; ;)
        {
            int status;
            ReadOnlyMemory<byte> answer;
            try
            {
                if (broken > 0)
                {
                    await socket.ReconnectAsync(cancellationToken).ConfigureAwait(false);
                }

                (status, answer) = await socket.PostAsync(head, body, cancellationToken).ConfigureAwait(false);
                broken = 0;
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException && ++broken <= MaxBroken)
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(Patience, cancellationToken).ConfigureAwait(false);
                continue;
            }

            switch (status)
            {
                case 200 when Encoding.Unicode.GetString(answer.Span).Contains("/wsman/Ack<", StringComparison.Ordinal):
                    return;
                case 503:
                    Interlocked.Increment(ref _refused);
                    await Task.Delay(Patience, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new IOException($"The collector answered {status}: {Encoding.Unicode.GetString(answer.Span)}");
            }
        }
    }

    private async Task<(string NotifyTo, string Identifier)> SubscribeAsync(CancellationToken cancellationToken)
    {
        var path = plan.Address.AbsolutePath.TrimEnd('/') + "/SubscriptionManager/WEC";
        var request = new Request(
            new MessageHeaders
            {
                To = new Uri(plan.Address, path).ToString(),
                ResourceUri = ResourceUris.SubscriptionManager,
                Action = Actions.Enumerate,
                MessageId = Uuid.Format(Guid.NewGuid()),
                MaxEnvelopeSize = 512000,
            },
            new Enumerate { Optimize = true, MaxElements = 32000 });
        await using var socket = await SourceSocket.ConnectAsync(plan.Address, plan.Pin, cancellationToken).ConfigureAwait(false);
        var (status, answer) = await socket.PostAsync(plan.HeadFor(path, 1, isPacked: false), SimulationPlan.Utf16(request), cancellationToken).ConfigureAwait(false);
        if (status != 200)
        {
            throw new IOException($"The collector answers {status} to {plan.UserOf(1)}, who asks for subscriptions.");
        }

        var found = new List<SubscriptionItem>();
        using var reply = EnvelopeReader.ReadReply(Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(answer.Span).TrimStart('\uFEFF')));
        reply.EnsureSuccess();
        EnumerationBatch.Read(reply.Body, item => found.Add(SubscriptionItem.Read(item)));
        return found.Find(item => item.Headers.Options["SubscriptionName"]?.Equals(plan.Subscription, StringComparison.OrdinalIgnoreCase) == true) is { Subscribe.Delivery.NotifyTo: { } to }
            ? (to.Address, to.Identifier!)
            : throw new IOException($"The collector has no subscription '{plan.Subscription}' for {plan.UserOf(1)}.");
    }
}
