using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Farwire.AspNetCore;

/// <summary>Reads what a balancer says of the client before the client's own bytes: where it comes from.</summary>
/// <remarks>
/// The PROXY protocol, versions 1 and 2. Only balancers that were named are believed; they must say it, so that nobody gets in with the balancer's address
/// by leaving it out. What is no such header ends the connection.
/// </remarks>
internal sealed class ProxyProtocol(IReadOnlyList<IPNetwork> balancers, TimeProvider time)
{
    private const int MaxText = 107;
    private const int BinaryHeader = 16;
    private const int MaxBinary = BinaryHeader + 1024; // addresses, and what balancers add to them

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>Takes the header off and the client's address from it; false when there is none that can be believed.</summary>
    public async ValueTask<bool> AcceptAsync(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint balancer || !balancers.Any(network => network.Contains(Plain(balancer.Address))))
        {
            return true;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        var input = connection.Transport.Input;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync(patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            switch (Read(result.Buffer, out var client, out var end))
            {
                case Header.Whole:
                    input.AdvanceTo(end);
                    connection.RemoteEndPoint = client ?? connection.RemoteEndPoint; // null: the balancer speaks for itself, as when it looks whether all is well
                    return true;
                case Header.Wrong:
                    return false;
                default:
                    input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    if (result.IsCompleted)
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    private enum Header
    {
        More,
        Whole,
        Wrong,
    }

    private static Header Read(ReadOnlySequence<byte> buffer, out IPEndPoint? client, out SequencePosition end)
    {
        (client, end) = (null, buffer.Start);
        Span<byte> start = stackalloc byte[MaxBinary];
        var length = (int)Math.Min(buffer.Length, MaxBinary);
        buffer.Slice(0, length).CopyTo(start);
        start = start[..length];
        var (header, used) = length > 0 && start[0] == Signature[0] ? Binary(start, out client) : Text(start, out client);
        end = buffer.GetPosition(used);
        return header;
    }

    // PROXY TCP4|TCP6|UNKNOWN client balancer port port CRLF
    private static (Header Header, int Used) Text(ReadOnlySpan<byte> bytes, out IPEndPoint? client)
    {
        client = null;
        var line = bytes[..Math.Min(bytes.Length, MaxText)].IndexOf("\r\n"u8);
        if (line < 0)
        {
            return (bytes.Length < MaxText && "PROXY "u8.StartsWith(bytes[..Math.Min(bytes.Length, 6)]) ? Header.More : Header.Wrong, 0);
        }

        var words = Encoding.ASCII.GetString(bytes[..line]).Split(' ');
        if (words is ["PROXY", "UNKNOWN", ..])
        {
            return (Header.Whole, line + 2);
        }

        if (words is ["PROXY", "TCP4" or "TCP6", var address, _, var port, _] && IPAddress.TryParse(address, out var ip) && ushort.TryParse(port, out var number)
            && ip.AddressFamily == (words[1] == "TCP4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6))
        {
            client = new IPEndPoint(ip, number);
            return (Header.Whole, line + 2);
        }

        return (Header.Wrong, 0);
    }

    // signature   version 2 and command   family   length   client balancer port port   more
    private static (Header Header, int Used) Binary(ReadOnlySpan<byte> bytes, out IPEndPoint? client)
    {
        client = null;
        if (!bytes.StartsWith(Signature[..Math.Min(bytes.Length, Signature.Length)]))
        {
            return (Header.Wrong, 0);
        }

        if (bytes.Length < BinaryHeader)
        {
            return (Header.More, 0);
        }

        var end = BinaryHeader + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (end > MaxBinary || bytes[12] is not (0x20 or 0x21))
        {
            return (Header.Wrong, 0);
        }

        if (bytes.Length < end)
        {
            return (Header.More, 0);
        }

        var size = bytes[13] switch { 0x11 => 4, 0x21 => 16, _ => 0 }; // TCP over IPv4, IPv6
        if (bytes[12] == 0x21 && size > 0)
        {
            if (end < BinaryHeader + (2 * size) + 4)
            {
                return (Header.Wrong, 0);
            }

            client = new IPEndPoint(new IPAddress(bytes.Slice(BinaryHeader, size)), BinaryPrimitives.ReadUInt16BigEndian(bytes[(BinaryHeader + (2 * size))..]));
        }

        return (Header.Whole, end);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
