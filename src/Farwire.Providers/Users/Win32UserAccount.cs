using Farwire.Cim.Classes;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Users;

/// <summary>Win32_UserAccount: the local accounts of people. What only root may read of them is NULL for others.</summary>
internal static class Win32UserAccount
{
    private const uint NormalAccount = 512;
    private const uint SidTypeUser = 1;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Account>(schema, "Win32_UserAccount", _ => linux.Accounts.Accounts().Where(a => !a.IsSystem || a.Id == 0))
        {
            ["AccountType"] = _ => NormalAccount,
            ["Caption"] = a => $"{Environment.MachineName}\\{a.Name}",
            ["Description"] = a => a.FullName,
            ["Disabled"] = a => a.Shadow?.IsExpired == true || a.Shell.EndsWith("/nologin", StringComparison.Ordinal) || a.Shell.EndsWith("/false", StringComparison.Ordinal),
            ["Domain"] = _ => Environment.MachineName,
            ["FullName"] = a => a.FullName,
            ["LocalAccount"] = _ => true,
            ["Lockout"] = a => a.Shadow?.IsLocked,
            ["Name"] = a => a.Name,
            ["PasswordChangeable"] = _ => true,
            ["PasswordExpires"] = a => a.Shadow?.Expires,
            ["PasswordRequired"] = a => a.Shadow?.IsRequired,
            ["SID"] = a => Sid(a),
            ["SIDType"] = _ => SidTypeUser,
            ["Status"] = a => a.Shadow?.IsExpired == true ? "Degraded" : "OK",
        };

    // As Samba maps the accounts of Unix.
    internal static string Sid(Account account) => $"S-1-22-1-{account.Id}";

    internal static string Sid(Group group) => $"S-1-22-2-{group.Id}";
}
