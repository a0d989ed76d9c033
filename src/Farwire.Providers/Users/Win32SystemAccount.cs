using Farwire.Cim.Classes;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Users;

/// <summary>Win32_SystemAccount: the accounts that belong to the system; root, who is also a person, is among the people.</summary>
internal static class Win32SystemAccount
{
    private const uint SidTypeUser = 1;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Account>(schema, "Win32_SystemAccount", _ => linux.Accounts.Accounts().Where(a => a.IsSystem && a.Id != 0))
        {
            ["Caption"] = a => $"{Environment.MachineName}\\{a.Name}",
            ["Description"] = a => a.FullName,
            ["Domain"] = _ => Environment.MachineName,
            ["LocalAccount"] = _ => true,
            ["Name"] = a => a.Name,
            ["SID"] = a => Win32UserAccount.Sid(a),
            ["SIDType"] = _ => SidTypeUser,
            ["Status"] = _ => "OK",
        };
}
