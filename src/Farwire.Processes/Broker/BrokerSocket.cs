using System.ComponentModel;
using System.Runtime.InteropServices;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Broker;

/// <summary>One end of the socket pair between the service and its broker: whole messages, and descriptors with them.</summary>
/// <remarks>
/// unix(7), SOCK_SEQPACKET and SCM_RIGHTS. The pair is made before the service gives up its rights; nobody else can ever connect to it. Calls block:
/// each end has one thread that receives.
/// </remarks>
public sealed unsafe partial class BrokerSocket : IDisposable
{
    /// <summary>The largest message.</summary>
    public const int MaxMessageBytes = 128 * 1024;

    /// <summary>The most descriptors that go with a message: the three standard streams.</summary>
    public const int MaxDescriptors = 3;

    private const int UnixFamily = 1;
    private const int SequencedPackets = 5;
    private const int SocketLevel = 1;
    private const int Rights = 1; // SCM_RIGHTS
    private const int NoSignal = 0x4000;
    private const int CloseReceivedOnExec = 0x4000_0000; // MSG_CMSG_CLOEXEC
    private const int DataTruncated = 0x20;
    private const int ControlTruncated = 0x08;
    private const int ControlHeaderBytes = 16;
    private const int SendBuffer = 7; // SO_SNDBUF
    private const int ShutBoth = 2;

    private readonly Lock _sending = new();
    private int _descriptor;

    /// <summary>Takes over a descriptor that the process was started with.</summary>
    public BrokerSocket(int descriptor) => _descriptor = descriptor;

    /// <summary>Makes a pair: this end, and the number of the other for a program that is about to be started.</summary>
    public static (BrokerSocket Ours, int Theirs) Pair()
    {
        var ends = stackalloc int[2];
        if (SocketPair(UnixFamily, SequencedPackets | Native.CloseOnExec, 0, ends) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        // A packet must fit the buffer whole.
        var size = MaxMessageBytes * 4;
        for (var i = 0; i < 2; i++)
        {
            _ = SetOption(ends[i], SocketLevel, SendBuffer, &size, sizeof(int));
        }

        return (new BrokerSocket(ends[0]), ends[1]);
    }

    /// <summary>Sends one message, whole. The descriptors stay open here.</summary>
    /// <exception cref="Win32Exception">The other end is gone.</exception>
    public void Send(ReadOnlySpan<byte> message, ReadOnlySpan<int> descriptors = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, MaxMessageBytes, nameof(message));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors, nameof(descriptors));
        var control = stackalloc byte[ControlHeaderBytes + (MaxDescriptors * sizeof(int)) + 4];
        fixed (byte* data = message)
        {
            var vector = new Vector { Base = data, Length = (nuint)message.Length };
            var header = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (descriptors.Length > 0)
            {
                *(nuint*)control = (nuint)(ControlHeaderBytes + (descriptors.Length * sizeof(int)));
                *(int*)(control + 8) = SocketLevel;
                *(int*)(control + 12) = Rights;
                descriptors.CopyTo(new Span<int>(control + ControlHeaderBytes, descriptors.Length));
                header.Control = control;
                header.ControlLength = (nuint)(ControlHeaderBytes + ((descriptors.Length * sizeof(int) + 7) & ~7));
            }

            lock (_sending)
            {
                while (SendMessage(_descriptor, &header, NoSignal) < 0)
                {
                    if (Marshal.GetLastPInvokeError() is not Native.Interrupted and var error)
                    {
                        throw new Win32Exception(error);
                    }
                }
            }
        }
    }

    /// <summary>Waits for a message; 0 when the other end is gone. Descriptors that came with it are the caller's to close.</summary>
    /// <exception cref="InvalidDataException">A message was larger than either end may send.</exception>
    public int Receive(Span<byte> buffer, Span<int> descriptors, out int descriptorCount)
    {
        descriptorCount = 0;
        var control = stackalloc byte[ControlHeaderBytes + (MaxDescriptors * sizeof(int)) + 4];
        fixed (byte* data = buffer)
        {
            var vector = new Vector { Base = data, Length = (nuint)buffer.Length };
            var header = new MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlHeaderBytes + (MaxDescriptors * sizeof(int)) + 4,
            };
            nint length;
            while ((length = ReceiveMessage(_descriptor, &header, CloseReceivedOnExec)) < 0)
            {
                if (Marshal.GetLastPInvokeError() is not Native.Interrupted)
                {
                    return 0;
                }
            }

            if (header.ControlLength >= ControlHeaderBytes && *(int*)(control + 8) == SocketLevel && *(int*)(control + 12) == Rights)
            {
                var received = new ReadOnlySpan<int>(control + ControlHeaderBytes, (int)((*(nuint*)control - ControlHeaderBytes) / sizeof(int)));
                descriptorCount = Math.Min(received.Length, descriptors.Length);
                received[..descriptorCount].CopyTo(descriptors);
                foreach (var excess in received[descriptorCount..])
                {
                    _ = Native.Close(excess);
                }
            }

            if ((header.Flags & (DataTruncated | ControlTruncated)) != 0)
            {
                CloseAll(descriptors[..descriptorCount]);
                throw new InvalidDataException("A message of the broker is larger than allowed.");
            }

            return (int)length;
        }
    }

    /// <summary>Closes descriptors that came with a message.</summary>
    public static void CloseAll(ReadOnlySpan<int> descriptors)
    {
        foreach (var descriptor in descriptors)
        {
            _ = Native.Close(descriptor);
        }
    }

    /// <summary>Ends the conversation: a thread that waits in <see cref="Receive"/> on either end wakes up.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is >= 0 and var descriptor)
        {
            _ = Shutdown(descriptor, ShutBoth);
            _ = Native.Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(int descriptor, int how);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    // struct msghdr of 64-bit systems; the C libraries differ only in what is padding.
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public nuint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
