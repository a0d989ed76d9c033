using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Users;

/// <summary>Win32_UserProfile: the homes of accounts that have one.</summary>
internal static class Win32UserProfile
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Account>(schema, "Win32_UserProfile", _ => linux.Accounts.Accounts().Where(a => (!a.IsSystem || a.Id == 0) && Directory.Exists(a.Home)))
        {
            ["LastUseTime"] = a => new CimDateTime(new DateTimeOffset(Directory.GetLastWriteTimeUtc(a.Home), TimeSpan.Zero)),
            ["Loaded"] = a => linux.Sessions.Read().Any(s => s.User == a.Name),
            ["LocalPath"] = a => a.Home,
            ["RefCount"] = a => (uint)linux.Sessions.Read().Count(s => s.User == a.Name),
            ["RoamingConfigured"] = _ => false,
            ["SID"] = a => Win32UserAccount.Sid(a),
            ["Special"] = a => a.Id == 0,
            ["Status"] = _ => 0u,
        };
}
