using System.Runtime.InteropServices;

namespace Farwire.Ipmi.Device;

/// <summary>What came from the driver.</summary>
internal readonly record struct Received(bool IsResponse, long Number, NetworkFunction Function, byte Command, int Length);

/// <summary>The calls that the device needs; each is negative when it failed.</summary>
internal interface IKernelCalls : IDisposable
{
    int Send(IpmiRequest request, long number);

    /// <summary>More than zero when there is something to receive.</summary>
    int Wait(int milliseconds);

    int Receive(Span<byte> data, out Received received);
}

/// <summary>The driver's calls.</summary>
/// <remarks>Linux, <c>linux/ipmi.h</c>; the numbers of the calls are the same on all architectures of 64 bits with the generic encoding.</remarks>
internal sealed unsafe partial class KernelCalls(int descriptor) : IKernelCalls
{
    private const nuint SendCommand = 0x8028_690D; // IPMICTL_SEND_COMMAND: _IOR('i', 13, struct ipmi_req)
    private const nuint ReceiveMessage = 0xC030_690B; // IPMICTL_RECEIVE_MSG_TRUNC: _IOWR('i', 11, struct ipmi_recv)
    private const int SystemInterface = 0x0C; // IPMI_SYSTEM_INTERFACE_ADDR_TYPE
    private const int Bus = 0x01; // IPMI_IPMB_ADDR_TYPE: the driver passes it on and gives the answer as any other
    private const short ThisController = 0x0F; // IPMI_BMC_CHANNEL
    private const short PrimaryBus = 0;
    private const int ResponseType = 1; // IPMI_RESPONSE_RECV_TYPE
    private const int Interrupted = 4; // EINTR
    private const int Truncated = 90; // EMSGSIZE: the answer was longer than the space; the rest is lost
    private const short Readable = 1; // POLLIN

    public static int Open(string path) => OpenFile(path, 0x80002); // O_RDWR | O_CLOEXEC

    public int Send(IpmiRequest request, long number)
    {
        var own = new SystemInterfaceAddress { Type = SystemInterface, Channel = ThisController, Lun = request.Lun };
        var other = new BusAddress { Type = Bus, Channel = PrimaryBus, Controller = request.Responder, Lun = request.Lun };
        fixed (byte* data = request.Data.Span)
        {
            var message = new Request
            {
                Address = request.IsBridged ? &other : &own,
                AddressLength = (uint)(request.IsBridged ? sizeof(BusAddress) : sizeof(SystemInterfaceAddress)),
                MessageId = (nint)number,
                Message = new Message { Function = (byte)request.Function, Command = request.Command, Length = (ushort)request.Data.Length, Data = data },
            };
            return Control(descriptor, SendCommand, &message);
        }
    }

    public int Wait(int milliseconds)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = Readable };
        var ready = Poll(&entry, 1, milliseconds);
        return ready < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : ready;
    }

    public int Receive(Span<byte> data, out Received received)
    {
        Span<byte> address = stackalloc byte[64]; // more than any struct ipmi_addr
        fixed (byte* bytes = data)
        fixed (byte* addressBytes = address)
        {
            var message = new Reception
            {
                Address = addressBytes,
                AddressLength = (uint)address.Length,
                Message = new Message { Length = (ushort)data.Length, Data = bytes },
            };
            var result = Control(descriptor, ReceiveMessage, &message);
            received = new Received(
                message.Type == ResponseType, message.MessageId, (NetworkFunction)(message.Message.Function & ~1), message.Message.Command,
                Math.Min((int)message.Message.Length, data.Length));
            return result < 0 && Marshal.GetLastPInvokeError() == Truncated ? 0 : result;
        }
    }

    public void Dispose() => _ = Close(descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct SystemInterfaceAddress // struct ipmi_system_interface_addr
    {
        public int Type;
        public short Channel;
        public byte Lun;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct BusAddress // struct ipmi_ipmb_addr
    {
        public int Type;
        public short Channel;
        public byte Controller;
        public byte Lun;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message // struct ipmi_msg
    {
        public byte Function;
        public byte Command;
        public ushort Length;
        public byte* Data;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Request // struct ipmi_req, 40 bytes
    {
        public void* Address;
        public uint AddressLength;
        public nint MessageId;
        public Message Message;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Reception // struct ipmi_recv, 48 bytes
    {
        public int Type;
        public byte* Address;
        public uint AddressLength;
        public nint MessageId;
        public Message Message;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
