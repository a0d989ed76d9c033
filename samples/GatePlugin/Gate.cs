using System.Globalization;
using Farwire.Plugins;

namespace Farwire.Samples.GatePlugin;

/// <summary>Who may do what, and how much of it: an authorization plug-in. Its parameters are the rules.</summary>
public sealed class Gate : IAuthorizationPlugin
{
    private IReadOnlyDictionary<string, string> _rules = new Dictionary<string, string>();
    private int _contexts;

    public ValueTask StartupAsync(PluginStartup startup, CancellationToken cancellationToken)
    {
        _rules = startup.Parameters;
        return ValueTask.CompletedTask;
    }

    public ValueTask ShutdownAsync(ShutdownReason reason, CancellationToken cancellationToken)
    {
        Write($"shutdown {(int)reason}");
        return ValueTask.CompletedTask;
    }

    public ValueTask<AuthorizedUser> AuthorizeUserAsync(Sender sender, CancellationToken cancellationToken)
    {
        var context = Interlocked.Increment(ref _contexts);
        Write($"user {sender.Name} is {context}");
        return _rules.GetValueOrDefault("Refused") == sender.Name ? throw new PluginException(5, $"'{sender.Name}' is not let in.")
            : _rules.GetValueOrDefault("Moved") == sender.Name ? ValueTask.FromResult(new AuthorizedUser(context) { Redirect = new Uri(_rules["MovedTo"]) })
            : ValueTask.FromResult(new AuthorizedUser(context));
    }

    public ValueTask AuthorizeOperationAsync(Sender sender, object? context, AuthorizedOperation operation, CancellationToken cancellationToken)
    {
        Write($"{sender.Name} ({context}) {operation.Kind} {operation.ResourceUri}");
        return _rules.GetValueOrDefault("Forbidden") == $"{sender.Name} {operation.Kind}"
            ? throw new PluginException(5, $"'{sender.Name}' may not {operation.Kind}.")
            : ValueTask.CompletedTask;
    }

    public ValueTask<UserQuota> QueryQuotaAsync(Sender sender, object? context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new UserQuota(Rule("Shells"), Rule("Operations"), TimeSpan.FromSeconds(Rule("Window")), Rule("OperationsPerWindow")));

    public ValueTask ReleaseAsync(object? context)
    {
        Write($"released {context}");
        return ValueTask.CompletedTask;
    }

    private int Rule(string name) => _rules.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    private void Write(string line)
    {
        if (_rules.TryGetValue("Diary", out var diary))
        {
            lock (_rules)
            {
                File.AppendAllText(diary, line + "\n");
            }
        }
    }
}
