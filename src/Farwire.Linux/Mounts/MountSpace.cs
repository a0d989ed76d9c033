using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Farwire.Linux.Mounts;

/// <summary>The sizes of a file system at one moment.</summary>
/// <param name="Size">Bytes in all.</param>
/// <param name="Free">Bytes that are not used, those kept back for root among them.</param>
/// <param name="BlockSize">Bytes that a file takes at least.</param>
/// <param name="NameLength">The longest name of a file.</param>
/// <remarks>statvfs(3).</remarks>
public sealed partial record MountSpace(ulong Size, ulong Free, ulong BlockSize, uint NameLength)
{
    /// <summary>Files that it can hold; 0 where it has no such limit.</summary>
    public ulong Files { get; init; }

    /// <summary>Files that it can still take.</summary>
    public ulong FreeFiles { get; init; }

    /// <summary>Bytes that others than root may still use.</summary>
    public ulong Available { get; init; }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // A dead network share answers never. Whoever asks again waits for the question that is already out, so it holds one thread, not one a question.
    private static readonly ConcurrentDictionary<string, Task<MountSpace?>> Asked = new(StringComparer.Ordinal);

    /// <summary>Asks a file system; null when it does not answer in time.</summary>
    public static async ValueTask<MountSpace?> ReadAsync(Mount mount, TimeProvider time, CancellationToken cancellationToken)
    {
        if (mount.Kind is MountKind.Local or MountKind.Memory)
        {
            return Ask(mount.MountPoint);
        }

        var asked = Asked.GetOrAdd(mount.MountPoint, static point => Task.Factory.StartNew(
            () => Ask(point), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default));
        try
        {
            return await asked.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            if (asked.IsCompleted)
            {
                Asked.TryRemove(KeyValuePair.Create(mount.MountPoint, asked));
            }
        }
    }

    // f_bsize 8, f_frsize 8, f_blocks 8, f_bfree 8, f_bavail 8, f_files 8, f_ffree 8, f_favail 8, f_fsid 8, f_flag 8, f_namemax 8
    private static MountSpace? Ask(string point)
    {
        Span<ulong> answer = stackalloc ulong[32];
        return Statvfs(point, ref answer[0]) == 0
            ? new MountSpace(answer[1] * answer[2], answer[1] * answer[3], answer[1], (uint)answer[10]) { Files = answer[5], FreeFiles = answer[6], Available = answer[1] * answer[4] }
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statvfs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statvfs(string path, ref ulong answer);
}
