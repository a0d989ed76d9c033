using System.Net.Sockets;
using Farwire.Ipmi.Rmcp;

namespace Farwire.Ipmi.Session;

/// <summary>Writes a datagram and says how long it is.</summary>
internal delegate int DatagramWriter(Span<byte> datagram);

/// <summary>Reads a datagram and says what became of it.</summary>
internal delegate PacketVerdict DatagramReader<TAnswer>(ReadOnlySpan<byte> datagram, out TAnswer answer);

/// <summary>Sends, waits, and sends again with longer waits, until the answer that fits has come.</summary>
internal sealed class LanExchange(IDatagrams datagrams, LanOptions options, TimeProvider time, byte[] sending, byte[] receiving, long dropped) : IDisposable
{
    public long Dropped { get; private set; } = dropped;

    public ValueTask SendAsync(int length, CancellationToken cancellationToken) => datagrams.SendAsync(sending.AsMemory(0, length), cancellationToken);

    /// <summary>The answer, or null when there was none to any attempt.</summary>
    public async ValueTask<TAnswer?> AskAsync<TAnswer>(DatagramWriter write, DatagramReader<TAnswer> read, CancellationToken cancellationToken)
        where TAnswer : struct
    {
        for (var attempt = 0; attempt < options.Attempts; attempt++)
        {
            using var deadline = new CancellationTokenSource(options.WaitOf(attempt), time);
            using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken) : null;
            var token = linked?.Token ?? deadline.Token;
            try
            {
                await SendAsync(write(sending), token).ConfigureAwait(false);
                while (true)
                {
                    var length = await datagrams.ReceiveAsync(receiving, token).ConfigureAwait(false);
                    switch (read(receiving.AsSpan(0, length), out var answer))
                    {
                        case PacketVerdict.Good: return answer;
                        case PacketVerdict.OnTheWay: break;
                        default: Dropped++; break;
                    }
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The wait is over; the next one is longer.
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                throw new IpmiTransportException(
                    IpmiTransportFailure.Unreachable, $"{options.Address}: the host is there, but nothing listens at UDP port {options.Port}.", e);
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.MessageSize)
            {
                throw new IpmiTransportException(IpmiTransportFailure.Unreachable, $"{options.Address} cannot be reached: {e.Message}.", e);
            }
        }

        return null;
    }

    public void Dispose() => datagrams.Dispose();
}
