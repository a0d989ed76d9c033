using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Farwire.Linux.Accounts;

/// <summary>The accounts and groups that the system knows, whatever keeps them: files, LDAP, a domain.</summary>
/// <remarks>
/// getpwnam_r(3), getgrouplist(3): the same answers that login gets, through the name service switch. A directory may be slow or far: callers remember
/// what they were told for as long as suits them.
/// </remarks>
public static unsafe partial class AccountDirectory
{
    private const int FirstBuffer = 1024;
    private const int LargestBuffer = 1 << 20;
    private const int MaxGroups = 65_536; // NGROUPS_MAX
    private const int TooSmall = 34; // ERANGE

    private delegate int Lookup(Entry* entry, byte* buffer, nuint size, out Entry* found);

    /// <summary>The number of the account that this process runs as.</summary>
    public static uint OwnId { get; } = EffectiveUser();

    /// <summary>The account of this name, or null. Names that could not stand in the table are nobody's.</summary>
    public static UnixAccount? Find(string name)
    {
        if (name.Length is 0 or > 256 || name.AsSpan().IndexOfAny("\0:\n/") >= 0)
        {
            return null;
        }

        return Find((Entry* entry, byte* buffer, nuint size, out Entry* found) => ByName(name, entry, buffer, size, out found));
    }

    /// <summary>The account of this number, or null.</summary>
    public static UnixAccount? Find(uint uid) =>
        Find((Entry* entry, byte* buffer, nuint size, out Entry* found) => ByUid(uid, entry, buffer, size, out found));

    /// <summary>All groups of <paramref name="account"/>, the primary one first.</summary>
    public static IReadOnlyList<UnixGroup> GroupsOf(UnixAccount account)
    {
        var ids = new uint[64];
        while (true)
        {
            var count = ids.Length;
            fixed (uint* first = ids)
            {
                if (GroupList(account.Name, account.Gid, first, ref count) >= 0)
                {
                    return [.. ids.AsSpan(0, count).ToArray().OrderByDescending(id => id == account.Gid).Select(id => new UnixGroup(NameOf(id), id))];
                }
            }

            if (ids.Length >= MaxGroups)
            {
                throw new InvalidOperationException($"The account '{account.Name}' has more than {MaxGroups} groups.");
            }

            ids = new uint[Math.Clamp(count, ids.Length * 2, MaxGroups)];
        }
    }

    private static UnixAccount? Find(Lookup lookup) => Ask(lookup, static entry => new UnixAccount(
        Text(entry->Name), entry->Id, entry->Gid, Text(entry->Home), Text(entry->Shell), Text(entry->Gecos)));

    private static string NameOf(uint gid) =>
        Ask((Entry* entry, byte* buffer, nuint size, out Entry* found) => GroupById(gid, entry, buffer, size, out found), static entry => Text(entry->Name))
        ?? gid.ToString(CultureInfo.InvariantCulture);

    private static T? Ask<T>(Lookup lookup, EntryReader<T> read)
        where T : class
    {
        for (var size = FirstBuffer; size <= LargestBuffer; size *= 4)
        {
            var block = (byte*)NativeMemory.Alloc((nuint)size);
            try
            {
                Entry entry;
                var error = lookup(&entry, block, (nuint)size, out var found);
                if (error != TooSmall)
                {
                    return found == null ? null : read(found);
                }
            }
            finally
            {
                NativeMemory.Free(block);
            }
        }

        throw new InvalidOperationException($"An entry of the account directory is larger than {LargestBuffer} bytes.");
    }

    private static string Text(byte* text) => text == null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ByName(string name, Entry* entry, byte* buffer, nuint size, out Entry* found);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int ByUid(uint uid, Entry* entry, byte* buffer, nuint size, out Entry* found);

    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    private static partial int GroupById(uint gid, Entry* entry, byte* buffer, nuint size, out Entry* found);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GroupList(string user, uint primary, uint* groups, ref int count);

    private delegate T EntryReader<out T>(Entry* entry);

    // struct passwd; struct group begins alike, with its name.
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public byte* Name;
        public byte* Password;
        public uint Id;
        public uint Gid;
        public byte* Gecos;
        public byte* Home;
        public byte* Shell;
    }
}
