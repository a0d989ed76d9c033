using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Farwire.Linux.Devices;

/// <summary>Hears from the kernel that devices come, go and change, and from udev once its database knows it.</summary>
/// <remarks>netlink(7), NETLINK_KOBJECT_UEVENT. Everybody may listen; what the messages say is not read, for anybody could have sent them.</remarks>
public static partial class DeviceSignals
{
    private const int Family = 16;              // AF_NETLINK
    private const int DatagramCloseOnExec = 2 | 0x80000;
    private const int Events = 15;              // NETLINK_KOBJECT_UEVENT
    private const uint KernelAndUdev = 1 | 2;

    /// <summary>Calls <paramref name="changed"/> after each message, until the answer is disposed; null where the kernel lets nobody listen.</summary>
    public static IDisposable? Listen(Action changed)
    {
        var descriptor = Open(Family, DatagramCloseOnExec, Events);
        if (descriptor < 0)
        {
            return null;
        }

        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        var address = new NetlinkAddress { Family = Family, Groups = KernelAndUdev };
        if (Bind(descriptor, ref address, Marshal.SizeOf<NetlinkAddress>()) != 0)
        {
            handle.Dispose();
            return null;
        }

        var socket = new Socket(handle);
        _ = HearAsync(socket, changed);
        return socket;
    }

    private static async Task HearAsync(Socket socket, Action changed)
    {
        var message = new byte[8192];
        while (true)
        {
            try
            {
                await socket.ReceiveAsync(message).ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // More came than was kept: something has changed all the same.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return; // nobody listens any more
            }

            changed();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Pad;
        public uint Port;
        public uint Groups;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Open(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int descriptor, ref NetlinkAddress address, int length);
}
