namespace Farwire.Linux.Mounts;

/// <summary>What kind of place a file system lives on.</summary>
public enum MountKind
{
    /// <summary>A disk of this machine.</summary>
    Local,

    /// <summary>Another machine.</summary>
    Network,

    /// <summary>A CD or DVD.</summary>
    Optical,

    /// <summary>Memory.</summary>
    Memory,
}

/// <summary>A mounted file system.</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Source">The device or the remote place.</param>
/// <param name="FileSystem">Its type, such as <c>ext4</c>.</param>
/// <param name="Kind">Where it lives.</param>
/// <param name="IsReadOnly">It cannot be written.</param>
/// <param name="Device">The device's numbers, as <c>253:0</c>; file systems without a disk have made-up ones.</param>
public sealed record Mount(string MountPoint, string Source, string FileSystem, MountKind Kind, bool IsReadOnly, string Device)
{
    /// <summary>The options of the file system itself, such as <c>usrquota</c>.</summary>
    public IReadOnlyList<string> FileSystemOptions { get; init; } = [];

    /// <summary>Its sizes, where they were asked for and it answered in time.</summary>
    public MountSpace? Space { get; init; }
}
