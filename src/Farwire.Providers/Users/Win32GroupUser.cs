using Farwire.Cim.Classes;
using Farwire.Linux.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Users;

/// <summary>Win32_GroupUser: who is in which group, by the group's list or as first group.</summary>
internal static class Win32GroupUser
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<Row>(schema, "Win32_GroupUser", _ => Rows())
        {
            ["GroupComponent"] = r => CimReference.To("Win32_Group", ("Domain", Environment.MachineName), ("Name", r.Group.Name)),
            ["PartComponent"] = r => Reference(r.Account),
        };

        IEnumerable<Row> Rows()
        {
            var accounts = linux.Accounts.Accounts();
            foreach (var group in linux.Accounts.Groups())
            {
                foreach (var account in accounts.Where(a => a.GroupId == group.Id || group.Members.Contains(a.Name)))
                {
                    yield return new Row(group, account);
                }
            }
        }
    }

    internal static Farwire.Protocol.Addressing.EndpointReference Reference(Account account) => CimReference.To(
        account.IsSystem && account.Id != 0 ? "Win32_SystemAccount" : "Win32_UserAccount", ("Domain", Environment.MachineName), ("Name", account.Name));

    private sealed record Row(Group Group, Account Account);
}
