using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;

namespace Farwire.Providers.Contract;

/// <summary>Who wants something changed.</summary>
/// <param name="Name">As authentication knows it.</param>
/// <param name="Account">The Unix account that its work runs as; empty when there is none.</param>
/// <param name="IsAdministrator">It may change the system for all.</param>
public sealed record CimCaller(string Name, string Account, bool IsAdministrator)
{
    /// <summary>Somebody without any rights.</summary>
    public static CimCaller Nobody { get; } = new("", "", false);

    /// <summary>It may change what is not its own: an administrator, root, or the account that the service itself runs as.</summary>
    public bool MayChangeSystem => IsAdministrator || (Account.Length > 0 && (Account == "root" || Account == Environment.UserName));

    /// <summary>It may open a shell on this service.</summary>
    public bool MayRunShells { get; init; }

    internal static CimCaller Of(OperationContext context) => new(context.Caller.Name, context.Caller.Account, context.Access.TokenOf(context.Caller).IsAdministrator)
    {
        MayRunShells = context.Access.Decide(context.Caller, Actions.Create, ResourceUris.CommandShell).IsGranted,
    };
}
