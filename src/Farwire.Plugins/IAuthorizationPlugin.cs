namespace Farwire.Plugins;

/// <summary>Decides, in a web application that hosts the service, who may do what. Its own class, in the host's process.</summary>
/// <remarks>WinRM plug-in API, "WSManPluginAuthzUser", "WSManPluginAuthzOperation", "WSManPluginAuthzQueryQuota", "WSManPluginAuthzReleaseContext".</remarks>
public interface IAuthorizationPlugin : IPlugin
{
    /// <summary>Lets a user in, or throws a <see cref="PluginException"/>. Asked at a user's first request, and again when the answer is too old.</summary>
    ValueTask<AuthorizedUser> AuthorizeUserAsync(Sender sender, CancellationToken cancellationToken);

    /// <summary>Lets an operation of a user happen, or throws a <see cref="PluginException"/>; 5 is access denied.</summary>
    ValueTask AuthorizeOperationAsync(Sender sender, object? context, AuthorizedOperation operation, CancellationToken cancellationToken);

    /// <summary>The user's limits; asked where the configuration says SupportsQuota, as often as the user is authorized.</summary>
    ValueTask<UserQuota> QueryQuotaAsync(Sender sender, object? context, CancellationToken cancellationToken) => ValueTask.FromResult(UserQuota.None);

    /// <summary>The last request under a context has ended, and no other comes.</summary>
    ValueTask ReleaseAsync(object? context) => ValueTask.CompletedTask;
}

/// <summary>A user who was let in, or sent elsewhere.</summary>
/// <param name="Context">What the plug-in wants back with each operation.</param>
public sealed record AuthorizedUser(object? Context)
{
    /// <summary>May do everything that descriptors keep for administrators.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>Where the client is to go; its request fails with that address. Null serves it here.</summary>
    public Uri? Redirect { get; init; }
}

/// <summary>An operation to decide about.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Action">Its action.</param>
/// <param name="ResourceUri">The resource.</param>
public sealed record AuthorizedOperation(OperationKind Kind, string Action, string ResourceUri);

/// <summary>What an operation does.</summary>
public enum OperationKind
{
    /// <summary>Reads one instance.</summary>
    Get,

    /// <summary>Changes one.</summary>
    Put,

    /// <summary>Makes one, shells included.</summary>
    Create,

    /// <summary>Removes one, shells included.</summary>
    Delete,

    /// <summary>Runs a method.</summary>
    Invoke,

    /// <summary>Lists, with all that follows.</summary>
    Enumerate,

    /// <summary>Subscribes, with all that follows.</summary>
    Subscribe,

    /// <summary>Works in a shell.</summary>
    Shell,
}

/// <summary>The limits of one user; 0 is no limit.</summary>
/// <param name="MaxConcurrentShells">Shells at once.</param>
/// <param name="MaxConcurrentOperations">Operations at once.</param>
/// <param name="Window">The time in which operations are counted.</param>
/// <param name="MaxOperationsPerWindow">Operations in that time.</param>
/// <remarks>WinRM plug-in API, "WSMAN_AUTHZ_QUOTA".</remarks>
public sealed record UserQuota(int MaxConcurrentShells, int MaxConcurrentOperations, TimeSpan Window, int MaxOperationsPerWindow)
{
    /// <summary>No limits.</summary>
    public static UserQuota None { get; } = new(0, 0, TimeSpan.Zero, 0);
}
