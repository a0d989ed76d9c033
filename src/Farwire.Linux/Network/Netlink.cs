using System.Runtime.InteropServices;

namespace Farwire.Linux.Network;

/// <summary>Asks the kernel for its tables of links, addresses, routes and sockets.</summary>
/// <remarks>netlink(7), rtnetlink(7).</remarks>
internal static partial class Netlink
{
    /// <summary>NETLINK_ROUTE</summary>
    public const int Route = 0;

    private const int Family = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int HeaderBytes = 16;
    private const ushort RequestDump = 0x301;
    private const ushort DumpInterrupted = 0x10;
    private const ushort ErrorType = 2;
    private const ushort DoneType = 3;
    private const int MaxAttempts = 5;
    private const int MaxMessages = 4_000_000;

    /// <summary>Takes a message of the answer apart: its type is <paramref name="type"/>, <paramref name="payload"/> follows its header.</summary>
    public delegate void Reader(ushort type, ReadOnlySpan<byte> payload);

    /// <summary>Asks for a whole table. A table that changed meanwhile is asked for again, after <paramref name="restart"/>.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static void Dump(int protocol, ushort type, ReadOnlySpan<byte> request, Action restart, Reader read)
    {
        var socket = Socket(Family, RawCloseOnExec, protocol);
        if (socket < 0)
        {
            throw new IOException($"The kernel opens no netlink socket (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            for (var attempt = 1; !TryDump(socket, type, request, (uint)attempt, read); attempt++)
            {
                if (attempt == MaxAttempts)
                {
                    throw new IOException("The kernel's table kept changing while it was read.");
                }

                restart();
            }
        }
        finally
        {
            _ = Close(socket);
        }
    }

    /// <summary>Calls <paramref name="read"/> for each attribute: its type and its bytes.</summary>
    public static void Attributes(ReadOnlySpan<byte> attributes, Reader read)
    {
        while (attributes.Length >= 4)
        {
            var length = MemoryMarshal.Read<ushort>(attributes);
            if (length < 4 || length > attributes.Length)
            {
                return;
            }

            // The two highest bits say how the value is encoded, not what it is.
            read((ushort)(MemoryMarshal.Read<ushort>(attributes[2..]) & 0x3FFF), attributes[4..length]);
            attributes = attributes[Math.Min(attributes.Length, (length + 3) & ~3)..];
        }
    }

    // length 4, type 2, flags 2, sequence 4, port 4
    private static bool TryDump(int socket, ushort type, ReadOnlySpan<byte> request, uint sequence, Reader read)
    {
        Span<byte> message = stackalloc byte[HeaderBytes + request.Length];
        MemoryMarshal.Write(message, (uint)message.Length);
        MemoryMarshal.Write(message[4..], type);
        MemoryMarshal.Write(message[6..], RequestDump);
        MemoryMarshal.Write(message[8..], sequence);
        request.CopyTo(message[HeaderBytes..]);
        if (Send(socket, ref message[0], (nuint)message.Length, 0) != message.Length)
        {
            throw new IOException($"The kernel does not take a netlink request (error {Marshal.GetLastPInvokeError()}).");
        }

        var consistent = true;
        var count = 0;
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = (int)Receive(socket, ref buffer[0], (nuint)buffer.Length, 0);
            if (received < HeaderBytes)
            {
                throw new IOException($"The kernel ended a netlink answer (error {Marshal.GetLastPInvokeError()}).");
            }

            for (var rest = buffer.AsSpan(0, received); rest.Length >= HeaderBytes;)
            {
                var length = (int)MemoryMarshal.Read<uint>(rest);
                if (length < HeaderBytes || length > rest.Length || ++count > MaxMessages)
                {
                    throw new IOException("A netlink answer does not keep its own lengths.");
                }

                var found = MemoryMarshal.Read<ushort>(rest[4..]);
                consistent &= (MemoryMarshal.Read<ushort>(rest[6..]) & DumpInterrupted) == 0;
                switch (found)
                {
                    case DoneType:
                        return consistent;
                    case ErrorType:
                        throw new IOException($"The kernel refused a netlink request (error {-MemoryMarshal.Read<int>(rest[HeaderBytes..])}).");
                    default:
                        read(found, rest[HeaderBytes..length]);
                        break;
                }

                rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, ref byte data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, ref byte data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int socket);
}
