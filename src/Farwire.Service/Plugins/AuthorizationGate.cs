using System.Collections.Concurrent;
using Farwire.Plugins;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Plugins;

/// <summary>The authorization plug-in of a host, asked about each user and each operation; and how many operations a time may have.</summary>
/// <remarks>
/// WinRM plug-in API, "Authorization plug-in entry points". An operation passes: 1. the window of the whole service, 2. the user, asked for at the first
/// request and again when the answer is too old, 3. the user's quota, 4. the operation itself. What is under way ends under the answer it began with.
/// </remarks>
public sealed class AuthorizationGate(IAuthorizationPlugin? plugin, AuthorizationLimits limits, TimeProvider time, ILogger log) : IOperationGate, IAsyncDisposable
{
    private const int MaxUsers = 10_000;

    private readonly ConcurrentDictionary<string, Lazy<Task<AuthorizedSession>>> _users = new(StringComparer.OrdinalIgnoreCase);
    private readonly OperationWindow _window = new(limits.Window, limits.MaxOperationsPerWindow, time);

    /// <inheritdoc/>
    public async ValueTask<IDisposable> EnterAsync(OperationContext context)
    {
        if (!_window.TryCount()) // 1
        {
            throw FaultCatalog.SystemQuota.Fault($"at most {limits.MaxOperationsPerWindow} operations in {limits.Window.TotalSeconds} s (QuotaSystemWindowOperations); try again.");
        }

        if (plugin is null)
        {
            return NothingHeld.Instance;
        }

        var sender = PluginRequests.SenderOf(context.Caller);
        AuthorizedSession session;
        do
        {
            session = await SessionOfAsync(sender).WaitAsync(context.Cancellation).ConfigureAwait(false); // 2
        }
        while (!session.TryEnter()); // it was replaced in this moment

        try
        {
            if (session.User.Redirect is { } elsewhere)
            {
                throw Redirected(elsewhere);
            }

            session.Count(); // 3
            var operation = new AuthorizedOperation(KindOf(context.Headers.Action ?? ""), context.Headers.Action ?? "", context.Headers.ResourceUri ?? "");
            await AskAsync(async () =>
            {
                await plugin.AuthorizeOperationAsync(sender, session.User.Context, operation, context.Cancellation).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false); // 4
            context.MaxShells = session.Quota.MaxConcurrentShells;
            context.IsAdministrator = session.User.IsAdministrator;
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Gives every user up.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users.Values.Where(user => user is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            (await user.Value.ConfigureAwait(false)).Retire();
        }

        _users.Clear();
    }

    private async Task<AuthorizedSession> SessionOfAsync(Sender sender)
    {
        while (true)
        {
            if (_users.Count > MaxUsers)
            {
                await ForgetAsync().ConfigureAwait(false);
            }

            var known = _users.GetOrAdd(sender.Name, _ => new Lazy<Task<AuthorizedSession>>(() => AuthorizeAsync(sender)));
            AuthorizedSession session;
            try
            {
                session = await known.Value.ConfigureAwait(false);
            }
            catch
            {
                _users.TryRemove(KeyValuePair.Create(sender.Name, known)); // a refusal is not remembered
                throw;
            }

            if (time.GetElapsedTime(session.Began) < limits.RefreshInterval)
            {
                return session;
            }

            if (_users.TryRemove(KeyValuePair.Create(sender.Name, known)))
            {
                session.Retire();
            }
        }
    }

    private async Task<AuthorizedSession> AuthorizeAsync(Sender sender)
    {
        var user = await AskAsync(() => plugin!.AuthorizeUserAsync(sender, CancellationToken.None)).ConfigureAwait(false);
        var quota = limits.SupportsQuota && user.Redirect is null
            ? await AskAsync(() => plugin!.QueryQuotaAsync(sender, user.Context, CancellationToken.None)).ConfigureAwait(false)
            : UserQuota.None;
        return new AuthorizedSession(plugin!, user, quota, time);
    }

    private async Task ForgetAsync()
    {
        foreach (var (name, user) in _users.Where(user => user.Value is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            var session = await user.Value.ConfigureAwait(false);
            if (time.GetElapsedTime(session.Began) >= limits.RefreshInterval && _users.TryRemove(KeyValuePair.Create(name, user)))
            {
                session.Retire();
            }
        }

        if (_users.Count > MaxUsers)
        {
            throw FaultCatalog.SystemQuota.Fault($"at most {MaxUsers} users at once.");
        }
    }

    private async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw PluginFaults.Of(e, limits.Registration, log);
        }
    }

    private WSManFaultException Redirected(Uri elsewhere)
    {
        var fault = FaultCatalog.RedirectRequested.Fault($"if you trust this place, connect to it: {elsewhere}").Fault;
        return new WSManFaultException(fault with { Provider = new ProviderFault(limits.Registration.Name, limits.Registration.Filename) { Text = elsewhere.ToString() } });
    }

    private static OperationKind KindOf(string action) => action switch
    {
        Actions.Get => OperationKind.Get,
        Actions.Put => OperationKind.Put,
        Actions.Create => OperationKind.Create,
        Actions.Delete => OperationKind.Delete,
        Actions.Enumerate or Actions.Pull or Actions.Release => OperationKind.Enumerate,
        Actions.Subscribe or Actions.Unsubscribe => OperationKind.Subscribe,
        _ => action.StartsWith(Namespaces.Shell + "/", StringComparison.OrdinalIgnoreCase) ? OperationKind.Shell : OperationKind.Invoke,
    };

    private sealed class NothingHeld : IDisposable
    {
        public static NothingHeld Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}

/// <summary>How the authorization plug-in is asked, and the window of the whole service.</summary>
/// <param name="Registration">Name and file of the plug-in, for its faults.</param>
/// <param name="SupportsQuota">It is asked for the limits of each user.</param>
/// <param name="RefreshInterval">How long an answer about a user holds.</param>
/// <param name="Window">The time in which operations are counted.</param>
/// <param name="MaxOperationsPerWindow">Operations of all users in that time.</param>
public sealed record AuthorizationLimits(PluginConfiguration Registration, bool SupportsQuota, TimeSpan RefreshInterval, TimeSpan Window, int MaxOperationsPerWindow);
