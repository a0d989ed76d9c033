using System.ComponentModel;
using System.Runtime.InteropServices;
using Farwire.Linux.Accounts;

namespace Farwire.Linux.Files;

/// <summary>Whose a file is.</summary>
/// <remarks>lchown(2): a link is given away itself, never what it points to.</remarks>
public static partial class Ownership
{
    /// <summary>Gives a file or folder to an account.</summary>
    /// <exception cref="Win32Exception">It could not be given away.</exception>
    public static void Give(string path, UnixAccount account)
    {
        if (Change(path, account.Uid, account.Gid) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Change(string path, uint uid, uint gid);
}
