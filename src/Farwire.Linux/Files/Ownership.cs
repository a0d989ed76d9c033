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

    /// <summary>Gives a file to whoever owns its folder: what root writes beside the files of a service is the service's.</summary>
    /// <exception cref="Win32Exception">It could not be given away.</exception>
    public static void GiveToOwnerOfFolder(string path)
    {
        if (Change(path, OwnerOf(Path.GetDirectoryName(Path.GetFullPath(path))!), unchecked((uint)-1)) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>True when mode, owner and group let an account read a file, and pass through all folders above it. Lists of access (acl(5)) are not looked at.</summary>
    /// <exception cref="Win32Exception">There is no such file, or it cannot be looked at.</exception>
    public static bool MayRead(string path, UnixAccount account)
    {
        const int read = 4, search = 1;
        var groups = AccountDirectory.GroupsOf(account).Select(group => group.Gid).ToHashSet();
        var allowed = May(Path.GetFullPath(path), read);
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); allowed && folder is not null; folder = Path.GetDirectoryName(folder))
        {
            allowed = May(folder, search);
        }

        return allowed;

        bool May(string at, int right)
        {
            var facts = FactsOf(at);
            return (facts.Mode >> (facts.Uid == account.Uid ? 6 : groups.Contains(facts.Gid) ? 3 : 0) & right) != 0;
        }
    }

    private static uint OwnerOf(string path) => FactsOf(path).Uid;

    // statx(2): struct statx has stx_uid at 20, stx_gid at 24, stx_mode at 28.
    private static unsafe (uint Uid, uint Gid, ushort Mode) FactsOf(string path)
    {
        const int atCurrentFolder = -100, mask = 0x2 | 0x8 | 0x10, size = 256;
        var buffer = stackalloc byte[size];
        return Stat(atCurrentFolder, path, 0, mask, buffer) == 0
            ? (*(uint*)(buffer + 20), *(uint*)(buffer + 24), *(ushort*)(buffer + 28))
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Change(string path, uint uid, uint gid);
}
