using System.Globalization;
using System.Net;
using Farwire.Linux.Files;

namespace Farwire.Linux.Network;

/// <summary>The state of a connection, in the numbers of the TCP MIB.</summary>
/// <remarks>RFC 4022, "tcpConnectionState".</remarks>
public enum SocketState : byte
{
    /// <summary>Nothing.</summary>
    Closed = 1,

    /// <summary>Waits for others.</summary>
    Listen,

    /// <summary>Asked for a connection.</summary>
    SynSent,

    /// <summary>Was asked for a connection.</summary>
    SynReceived,

    /// <summary>Connected.</summary>
    Established,

    /// <summary>Closed here.</summary>
    FinWait1,

    /// <summary>Closed here, and the other side knows.</summary>
    FinWait2,

    /// <summary>Closed by the other side.</summary>
    CloseWait,

    /// <summary>Closed by both at once.</summary>
    Closing,

    /// <summary>Closed by both.</summary>
    LastAck,

    /// <summary>Over, and kept so that late packets hit nobody else.</summary>
    TimeWait,
}

/// <summary>A socket of TCP or UDP.</summary>
/// <param name="Local">This end.</param>
/// <param name="Remote">The other end.</param>
/// <param name="State">The state; of UDP it means little.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Inode">The number by which processes hold it; 0 when none does any more.</param>
/// <remarks>proc(5), "/proc/net/tcp".</remarks>
public sealed record TransportSocket(IPEndPoint Local, IPEndPoint Remote, SocketState State, uint User, ulong Inode)
{
    private const int MaxBytes = 256 * 1024 * 1024;

    // TCP_ESTABLISHED 1 … TCP_CLOSING 11, TCP_NEW_SYN_RECV 12
    private static readonly SocketState[] States =
    [
        SocketState.Closed, SocketState.Established, SocketState.SynSent, SocketState.SynReceived, SocketState.FinWait1, SocketState.FinWait2, SocketState.TimeWait,
        SocketState.Closed, SocketState.CloseWait, SocketState.LastAck, SocketState.Listen, SocketState.Closing, SocketState.SynReceived,
    ];

    /// <summary>The sockets of <c>tcp</c> or <c>udp</c>, of both versions of IP.</summary>
    /// <remarks>The table is read in parts: a socket that moves in it meanwhile stands in it twice, and is given once.</remarks>
    public static IEnumerable<TransportSocket> Read(LinuxPaths paths, string protocol) => ReadTables(paths, protocol).DistinctBy(s => (s.Local, s.Remote, s.Inode));

    private static IEnumerable<TransportSocket> ReadTables(LinuxPaths paths, string protocol)
    {
        foreach (var file in new[] { protocol, protocol + "6" })
        {
            foreach (var line in (ProcFile.ReadText($"{paths.Proc}/net/{file}", MaxBytes) ?? "").Split('\n').Skip(1))
            {
                // number: local remote state queues timer retransmissions user timeout inode
                if (line.Split(' ', 11, StringSplitOptions.RemoveEmptyEntries) is [_, var local, var remote, var state, _, _, _, var user, _, var inode, ..]
                    && EndPoint(local) is { } here && EndPoint(remote) is { } there && byte.TryParse(state, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                    && uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var owner) && ulong.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out var node))
                {
                    yield return new TransportSocket(here, there, number < States.Length ? States[number] : SocketState.Closed, owner, node);
                }
            }
        }
    }

    // The address in words of 32 bits, each in the byte order of the machine; the port in the usual one.
    private static IPEndPoint? EndPoint(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32) || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var bytes = Convert.FromHexString(text.AsSpan(0, colon));
        if (BitConverter.IsLittleEndian)
        {
            for (var word = 0; word < bytes.Length; word += 4)
            {
                Array.Reverse(bytes, word, 4);
            }
        }

        return new IPEndPoint(new IPAddress(bytes), port);
    }
}
