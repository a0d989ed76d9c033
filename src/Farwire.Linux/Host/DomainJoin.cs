using Farwire.Linux.Files;

namespace Farwire.Linux.Host;

/// <summary>The domain whose accounts this machine knows, as a member.</summary>
/// <remarks>sssd.conf(5), smb.conf(5) "security = ads".</remarks>
public static class DomainJoin
{
    /// <summary>The domain, or null for a machine that stands alone.</summary>
    public static string? Find(LinuxPaths paths)
    {
        if (KeyValueFile.Read(paths.Etc + "/sssd/sssd.conf") is { } sssd && sssd.GetValueOrDefault("id_provider") is "ad" or "ipa"
            && (sssd.GetValueOrDefault("ad_domain") ?? sssd.GetValueOrDefault("ipa_domain") ?? sssd.GetValueOrDefault("domains")) is { Length: > 0 } domain)
        {
            return domain.Split(',')[0].Trim();
        }

        return KeyValueFile.Read(paths.Etc + "/samba/smb.conf") is { } samba
            && "ads".Equals(samba.GetValueOrDefault("security"), StringComparison.OrdinalIgnoreCase)
            ? samba.GetValueOrDefault("realm")?.ToLowerInvariant()
            : null;
    }
}
