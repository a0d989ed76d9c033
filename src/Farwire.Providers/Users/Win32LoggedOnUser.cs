using Farwire.Cim.Classes;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Users;

/// <summary>Win32_LoggedOnUser: whose session it is.</summary>
internal static class Win32LoggedOnUser
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Session>(schema, "Win32_LoggedOnUser", _ => linux.Sessions.Read())
    {
        ["Antecedent"] = s => CimReference.To("Win32_UserAccount", ("Domain", Environment.MachineName), ("Name", s.User)),
        ["Dependent"] = s => CimReference.To("Win32_LogonSession", ("LogonId", s.Id)),
    };
}
