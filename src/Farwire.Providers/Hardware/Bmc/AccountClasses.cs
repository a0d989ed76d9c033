using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Ipmi.Session;
using Farwire.Ipmi.Users;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>A user of a controller.</summary>
internal sealed record AccountRow(Controller Controller, IpmiUser User)
{
    /// <summary>The name; the nameless user has its number.</summary>
    public string Name => User.Name.Length > 0 ? User.Name : string.Create(CultureInfo.InvariantCulture, $"User {User.Id}");

    public static Func<CimNeed, CancellationToken, IAsyncEnumerable<AccountRow>> Of(Controllers controllers) => (need, token) => controllers.AskAllAsync(
        need, "SystemName",
        async (controller, client, stop) => (await client.Users.ReadAsync(cancellationToken: stop).ConfigureAwait(false)).Select(user => new AccountRow(controller, user)),
        token);
}

/// <summary>Account: the users of each controller.</summary>
internal static class AccountClass
{
    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<AccountRow>(schema, "Account", AccountRow.Of(controllers))
    {
        ["SystemCreationClassName"] = _ => HardwareNames.ComputerSystem,
        ["SystemName"] = r => r.Controller.Name,
        ["Name"] = r => r.Name,
        ["ElementName"] = r => r.Name,
        ["Caption"] = r => r.Name,
        ["Description"] = r => $"User {r.User.Id} of {r.Controller.Name}, {r.User.Privilege}",
        ["UserID"] = r => r.User.Id.ToString(CultureInfo.InvariantCulture),
        ["Host"] = r => (string[])[r.Controller.Address],
        ["HealthState"] = _ => 5u,
        ["OperationalStatus"] = r => (uint[])[r.User.MessagingEnabled ? 2u : 10u], // 10: stopped
        ["Status"] = r => r.User.MessagingEnabled ? "OK" : "Stopped",
    };
}

/// <summary>AuthorizedPrivilege: what each user may do.</summary>
internal static class AuthorizedPrivilegeClass
{
    private const uint Other = 1;
    private const uint Read = 5;
    private const uint Write = 6;
    private const uint Execute = 7;

    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<AccountRow>(schema, "AuthorizedPrivilege", AccountRow.Of(controllers))
    {
        ["InstanceID"] = r => string.Create(CultureInfo.InvariantCulture, $"IPMI:{r.Controller.Name} User {r.User.Id}"),
        ["ElementName"] = r => $"{r.User.Privilege}",
        ["Caption"] = r => $"{r.Name}: {r.User.Privilege}",
        ["Description"] = r => $"What {r.Name} may do on {r.Controller.Name}",
        ["PrivilegeGranted"] = r => r.User.MessagingEnabled && r.User.Privilege is >= PrivilegeLevel.Callback and <= PrivilegeLevel.Oem,
        ["Activities"] = r => Activities(r.User.Privilege),
        ["ActivityQualifiers"] = r => Activities(r.User.Privilege).Select(_ => $"IPMI {r.User.Privilege}").ToArray(),
        ["QualifierFormats"] = r => Activities(r.User.Privilege).Select(_ => 9u).ToArray(), // 9: command
    };

    private static uint[] Activities(PrivilegeLevel level) => level switch
    {
        PrivilegeLevel.User => [Read],
        PrivilegeLevel.Operator => [Read, Execute],
        PrivilegeLevel.Administrator or PrivilegeLevel.Oem => [Read, Write, Execute],
        _ => [Other],
    };
}

/// <summary>PrivilegeGroup: the levels that a user can have.</summary>
internal static class PrivilegeGroupClass
{
    private static readonly PrivilegeLevel[] Levels = [PrivilegeLevel.Callback, PrivilegeLevel.User, PrivilegeLevel.Operator, PrivilegeLevel.Administrator];

    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<string>(schema, "PrivilegeGroup", _ => controllers.All.Count > 0 ? Levels.Select(l => l.ToString()) : [])
    {
        ["Name"] = level => level,
        ["CommonName"] = level => level,
        ["ElementName"] = level => level,
        ["Caption"] = level => $"IPMI {level}",
        ["Description"] = level => $"Users with the privilege level {level}",
    };
}
