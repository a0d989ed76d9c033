using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Farwire.Benchmarks.Load.Load;

/// <summary>One plain connection that asks and waits.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[1024 * 1024];

    public Connection(Uri address) => _socket.Connect(IPAddress.Loopback, address.Port);

    /// <summary>How long the first byte of the last answer took.</summary>
    public TimeSpan FirstByte { get; private set; }

    /// <summary>The body of the answer; valid until the next call.</summary>
    public ReadOnlySpan<byte> Ask(byte[] request)
    {
        var sent = Stopwatch.GetTimestamp();
        _socket.Send(request);
        var received = 0;
        do
        {
            var read = _socket.Receive(_buffer, received, _buffer.Length - received, SocketFlags.None);
            if (received == 0)
            {
                FirstByte = Stopwatch.GetElapsedTime(sent);
            }

            received += read > 0 ? read : throw new IOException("The server closed the connection.");
        }
        while (HttpAnswer.Length(_buffer.AsSpan(0, received)) != received);
        var answer = _buffer.AsSpan(0, received);
        return answer[(answer.IndexOf("\r\n\r\n"u8) + 4)..];
    }

    public void Dispose() => _socket.Dispose();
}
