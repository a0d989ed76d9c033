namespace Farwire.Service.Access;

/// <summary>The Unix accounts and groups that stand for one group that Windows knows everywhere.</summary>
/// <param name="Sid">The group.</param>
/// <param name="Accounts">Unix accounts that are members.</param>
/// <param name="Groups">Unix groups whose members are members.</param>
public sealed record WellKnownGroup(Sid Sid, IReadOnlyList<string> Accounts, IReadOnlyList<string> Groups)
{
    /// <summary>The group of Unix that makes an administrator here, beside root.</summary>
    public const string AdministratorsGroup = "farwire-admin";

    /// <summary>The group of Unix whose members may manage the machine remotely.</summary>
    public const string RemoteManagementGroup = "remote-management";

    /// <summary>
    /// What holds unless configured: root, the account that runs the service and the group <c>farwire-admin</c> are administrators; the group
    /// <c>remote-management</c> are the remote management users; <c>adm</c> and <c>systemd-journal</c> read event logs.
    /// </summary>
    public static IReadOnlyList<WellKnownGroup> Defaults { get; } =
    [
        new(Sid.Administrators, ["root", Environment.UserName], [AdministratorsGroup]),
        new(Sid.RemoteManagementUsers, [], [RemoteManagementGroup]),
        new(Sid.EventLogReaders, [], ["adm", "systemd-journal"]),
    ];

    /// <summary>True for a member.</summary>
    public bool Includes(string account, IEnumerable<string> groups) =>
        (account.Length > 0 && Accounts.Contains(account)) || groups.Any(Groups.Contains);
}
