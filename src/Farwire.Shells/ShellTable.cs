using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;

namespace Farwire.Shells;

/// <summary>All open shells. Bounded by users, and by shells per user; each ends by its owner, by its idle time, or with the service.</summary>
internal sealed class ShellTable
{
    private readonly Dictionary<string, OpenShell> _shells = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();

    public void Add(OpenShell shell, ShellOptions options)
    {
        lock (_lock)
        {
            var owners = _shells.Values.CountBy(other => other.Owner, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(StringComparer.OrdinalIgnoreCase);
            var own = owners.GetValueOrDefault(shell.Owner);
            if (options.MaxShellsPerUser > 0 && own >= options.MaxShellsPerUser)
            {
                throw FaultCatalog.ShellQuotaPerUser.Fault($"a user has at most {options.MaxShellsPerUser} shells; close some first.");
            }

            if (own == 0 && owners.Count >= options.MaxConcurrentUsers)
            {
                throw FaultCatalog.ShellUsersQuota.Fault($"at most {options.MaxConcurrentUsers} users have shells at the same time.");
            }

            if (!_shells.TryAdd(shell.Id, shell))
            {
                throw FaultCatalog.ShellIdInUse.Fault($"there is a shell '{shell.Id}' already.");
            }
        }
    }

    /// <summary>The shell of that id and owner, or, for null, of that id. Another user's is as unknown as one that never was.</summary>
    public OpenShell Find(string id, string? owner)
    {
        lock (_lock)
        {
            return _shells.TryGetValue(id, out var shell) && (owner is null || shell.Owner.Equals(owner, StringComparison.OrdinalIgnoreCase))
                ? shell
                : throw FaultCatalog.UnexpectedSelectors.Fault($"there is no shell '{id}'.");
        }
    }

    /// <summary>Whose shells <paramref name="context"/>'s caller may see and end: the own ones, or, for null, all.</summary>
    public static string? OwnerFor(OperationContext context) =>
        context.Access.TokenOf(context.Caller).IsAdministrator ? null : context.Caller.Name;

    /// <summary>Ends the shell that the request names: one of the caller's own, or, for administrators, of anybody.</summary>
    public async ValueTask DeleteAsync(OperationContext context)
    {
        var shell = Find(context.RequireSelector(ShellNames.ShellId), OwnerFor(context));
        if (Remove(shell))
        {
            await shell.EndAsync().ConfigureAwait(false);
        }
    }

    public bool Remove(OpenShell shell)
    {
        lock (_lock)
        {
            return _shells.Remove(shell.Id);
        }
    }

    /// <summary>The shells of one owner, or, for null, of all.</summary>
    public OpenShell[] Of(string? owner)
    {
        lock (_lock)
        {
            return [.. _shells.Values.Where(shell => owner is null || shell.Owner.Equals(owner, StringComparison.OrdinalIgnoreCase))];
        }
    }
}
