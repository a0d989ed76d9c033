using Farwire.Cim.Classes;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Users;

/// <summary>Win32_Group: the local groups.</summary>
internal static class Win32Group
{
    private const uint SidTypeAlias = 4; // what Windows calls a local group

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Group>(schema, "Win32_Group", _ => linux.Accounts.Groups())
    {
        ["Caption"] = g => $"{Environment.MachineName}\\{g.Name}",
        ["Description"] = g => g.Name,
        ["Domain"] = _ => Environment.MachineName,
        ["LocalAccount"] = _ => true,
        ["Name"] = g => g.Name,
        ["SID"] = g => Win32UserAccount.Sid(g),
        ["SIDType"] = _ => SidTypeAlias,
        ["Status"] = _ => "OK",
    };
}
