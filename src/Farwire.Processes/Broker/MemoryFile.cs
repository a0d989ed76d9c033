using System.ComponentModel;
using System.Runtime.InteropServices;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Broker;

/// <summary>A file in memory alone, sealed against every change: no name, no place on a disk, gone with its last descriptor.</summary>
/// <remarks>memfd_create(2), fcntl(2) "File sealing".</remarks>
internal sealed unsafe partial class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033; // F_ADD_SEALS
    private const int AllSeals = 0xF; // seal, shrink, grow, write

    private MemoryFile(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; private set; }

    public static MemoryFile Of(ReadOnlySpan<byte> content)
    {
        var file = new MemoryFile(Create("farwire", CloseOnExec | AllowSealing));
        try
        {
            if (file.Descriptor < 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            for (var rest = content; rest.Length > 0;)
            {
                nint written;
                fixed (byte* data = rest)
                {
                    written = Write(file.Descriptor, data, (nuint)rest.Length);
                }

                rest = written > 0 ? rest[(int)written..] : throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            return Native.FileControl(file.Descriptor, AddSeals, AllSeals) == 0 ? file : throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Descriptor >= 0)
        {
            _ = Native.Close(Descriptor);
            Descriptor = -1;
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* data, nuint count);
}
