using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Farwire.Benchmarks.Load.Load;

/// <summary>Plain connections driven by one thread with epoll: two system calls a request, so that the processors are left to the server.</summary>
internal sealed partial class PlainLoad : ILoad
{
    private const int EpollIn = 1;
    private const int EpollAdd = 1;

    private readonly Socket[] _sockets;
    private readonly long[] _sent;
    private readonly int[] _received;
    private readonly byte[] _request;
    private readonly byte[][] _buffers;
    private readonly int _epoll = EpollCreate(0);

    public PlainLoad(Uri address, byte[] request, int connections)
    {
        _request = request;
        _sockets = new Socket[connections];
        _sent = new long[connections];
        _received = new int[connections];
        _buffers = new byte[connections][];
        for (var i = 0; i < connections; i++)
        {
            _buffers[i] = new byte[64 * 1024];
            _sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _sockets[i].Connect(IPAddress.Loopback, address.Port);
            var interest = new Event { Events = EpollIn, Data = i };
            Check(EpollControl(_epoll, EpollAdd, (int)_sockets[i].Handle, ref interest));
        }
    }

    public Slice Run(TimeSpan time)
    {
        var slice = new Slice();
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var waiting = _sockets.Length;
        for (var i = 0; i < _sockets.Length; i++)
        {
            SendOn(i);
        }

        Span<Event> events = stackalloc Event[256];
        while (waiting > 0)
        {
            var ready = EpollWait(_epoll, ref events[0], events.Length, 10_000);
            if (ready == 0)
            {
                throw new TimeoutException("The server did not answer for 10 s.");
            }

            for (var e = 0; e < ready; e++)
            {
                var i = (int)events[e].Data;
                if (!IsAnswered(i))
                {
                    continue;
                }

                slice.Add(_sent[i]);
                if (Stopwatch.GetTimestamp() < end)
                {
                    SendOn(i);
                }
                else
                {
                    waiting--;
                }
            }
        }

        return slice.End();
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        _ = Close(_epoll);
    }

    private void SendOn(int i)
    {
        _received[i] = 0;
        _sent[i] = Stopwatch.GetTimestamp();
        _sockets[i].Send(_request);
    }

    private bool IsAnswered(int i)
    {
        var buffer = _buffers[i];
        var read = _sockets[i].Receive(buffer, _received[i], buffer.Length - _received[i], SocketFlags.None);
        if (read == 0)
        {
            throw new IOException("The server closed a connection.");
        }

        _received[i] += read;
        return HttpAnswer.Length(buffer.AsSpan(0, _received[i])) == _received[i];
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new IOException($"epoll failed with {Marshal.GetLastPInvokeError()}.");
        }
    }

    // x86-64 packs the struct; other processors do not.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Events;
        public long Data;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int descriptor, ref Event interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int EpollWait(int epoll, ref Event events, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
