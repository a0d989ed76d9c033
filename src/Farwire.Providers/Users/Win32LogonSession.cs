using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Users;

/// <summary>Win32_LogonSession: who is logged in, as logind or utmp know it.</summary>
internal static class Win32LogonSession
{
    private const uint Interactive = 2;
    private const uint RemoteInteractive = 10;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Session>(schema, "Win32_LogonSession", _ => linux.Sessions.Read())
    {
        ["AuthenticationPackage"] = s => s.Service,
        ["Caption"] = s => s.User,
        ["LogonId"] = s => s.Id,
        ["LogonType"] = s => s.IsRemote ? RemoteInteractive : Interactive,
        ["Name"] = s => s.Id,
        ["StartTime"] = s => s.Started is { } started ? new CimDateTime(started) : default(CimValue),
        ["Status"] = _ => "OK",
    };
}
