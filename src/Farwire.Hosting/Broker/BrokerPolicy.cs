using Farwire.Linux.Accounts;
using Farwire.Service.Access;

namespace Farwire.Hosting.Broker;

/// <summary>As whom the broker starts programs. The service in front of it has no say in this.</summary>
/// <param name="Accounts">Accounts by name. Root must be named to be used.</param>
/// <param name="Groups">Groups whose members may be used; root never by membership.</param>
public sealed record BrokerPolicy(IReadOnlyList<string> Accounts, IReadOnlyList<string> Groups)
{
    /// <summary>Members of the two groups that may work remotely.</summary>
    public static BrokerPolicy Default { get; } = new([], [WellKnownGroup.AdministratorsGroup, WellKnownGroup.RemoteManagementGroup]);

    /// <summary>True when programs may be started as <paramref name="account"/>.</summary>
    public bool Permits(UnixAccount account, Func<IEnumerable<string>> groups) =>
        Accounts.Contains(account.Name) || (account.Uid != 0 && groups().Any(Groups.Contains));
}
