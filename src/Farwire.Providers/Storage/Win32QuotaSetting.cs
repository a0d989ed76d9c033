using Farwire.Cim.Classes;
using Farwire.Linux.Mounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_QuotaSetting: whether a file system limits what its users may store. Linux knows no limit for everybody, so there is no default one.</summary>
internal static class Win32QuotaSetting
{
    private const uint Disabled = 0;
    private const uint Enforced = 2;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Mount>(schema, "Win32_QuotaSetting", _ => linux.Mounts.Read().Where(m => m.Kind == MountKind.Local && Supports(m.FileSystem)))
        {
            ["Caption"] = m => m.MountPoint,
            ["DefaultLimit"] = _ => -1L,
            ["DefaultWarningLimit"] = _ => -1L,
            ["Description"] = m => $"Quotas of {m.Source}",
            ["ExceededNotification"] = _ => false,
            ["SettingID"] = m => m.MountPoint,
            ["State"] = m => m.FileSystemOptions.Any(IsQuota) ? Enforced : Disabled,
            ["VolumePath"] = m => m.MountPoint,
            ["WarningExceededNotification"] = _ => false,
        };

    /// <summary>The file system can count what each user stores.</summary>
    internal static bool Supports(string? fileSystem) => fileSystem is "ext2" or "ext3" or "ext4" or "xfs" or "f2fs" or "jfs" or "gfs2" or "ocfs2";

    internal static bool IsQuota(string option) => option is "quota" or "usrquota" or "uquota"
        || option.StartsWith("usrquota=", StringComparison.Ordinal) || option.StartsWith("usrjquota=", StringComparison.Ordinal);
}
