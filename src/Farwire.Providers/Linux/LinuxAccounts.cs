using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_User, Linux_Group and Linux_Session: local accounts, groups, and who is logged in.</summary>
internal static class LinuxAccounts
{
    public static ICimProvider Users(CimSchema schema, LinuxSources linux) => new CimTable<Account>(schema, "Linux_User", _ => linux.Accounts.Accounts())
    {
        ["Caption"] = a => a.FullName.Length > 0 ? a.FullName : a.Name,
        ["FullName"] = a => a.FullName,
        ["GroupId"] = a => a.GroupId,
        ["HomeDirectory"] = a => a.Home,
        ["Name"] = a => a.Name,
        ["Shell"] = a => a.Shell,
        ["UserId"] = a => a.Id,
    };

    public static ICimProvider Groups(CimSchema schema, LinuxSources linux) => new CimTable<Group>(schema, "Linux_Group", _ => linux.Accounts.Groups())
    {
        ["Caption"] = g => g.Name,
        ["GroupId"] = g => g.Id,
        ["Members"] = g => g.Members.Count > 0 ? g.Members.ToArray() : default(CimValue),
        ["Name"] = g => g.Name,
    };

    public static ICimProvider Sessions(CimSchema schema, LinuxSources linux) => new CimTable<Session>(schema, "Linux_Session", _ => linux.Sessions.Read())
    {
        ["Caption"] = s => s.User,
        ["Remote"] = s => s.IsRemote,
        ["Seat"] = s => s.Seat,
        ["Service"] = s => s.Service,
        ["SessionId"] = s => s.Id,
        ["StartTime"] = s => s.Started is { } started ? new CimDateTime(started) : default(CimValue),
        ["User"] = s => s.User,
    };
}
