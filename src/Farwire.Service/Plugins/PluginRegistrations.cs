using System.Text;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Service.Configuration;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Service.Plugins;

/// <summary>The registrations of plug-ins at <c>…/config/plugin</c>: Get, Put, Create, Delete, Enumerate, and Invoke of Restore. They count from the next start.</summary>
/// <remarks>MS-WSMV, "Plugin configuration". The selector is <c>Name</c>. What the service brings itself is shown beside them, and stays as it is.</remarks>
/// <param name="live">The configuration.</param>
/// <param name="seal">Seals a secret for a name; null keeps no secrets.</param>
/// <param name="builtIn">What the service brings itself, as registrations.</param>
internal sealed class PluginRegistrations(LiveConfiguration live, Func<string, string, string>? seal, Func<IReadOnlyList<PluginConfiguration>> builtIn)
    : IGetResource, IPutResource, ICreateResource, IDeleteResource, IEnumerateResource, IInvokeResource
{
    public const string Uri = Namespaces.Config + "/plugin";

    private const string NameKey = "Name";
    private const string Sealed = "sealed:";
    private const int MaxPlugins = 1000;

    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult<IBody>(BodyOf(Find(live.Current, NameOf(context))));

    public async ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        var name = NameOf(context);
        RefuseBuiltIn(name);
        var given = Read(representation, name);
        await live.ChangeAsync(current => With(current, given, Find(current, name)), context.Cancellation).ConfigureAwait(false);
        return BodyOf(Find(live.Current, name));
    }

    public async ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation)
    {
        var name = NameOf(context);
        var given = Read(representation, name);
        await live.ChangeAsync(
            current => current.Plugins.ContainsKey(name) || BuiltIn(name) is not null ? throw FaultCatalog.AlreadyExists.Fault($"there is a plug-in '{name}' already; change it with Put.")
                : current.Plugins.Count >= MaxPlugins ? throw FaultCatalog.QuotaLimit.Fault($"there are {MaxPlugins} plug-ins; delete some first.")
                : With(current, given, null),
            context.Cancellation).ConfigureAwait(false);
        return context.Reference(SelectorSet.Of((NameKey, given.Name)), Uri);
    }

    public async ValueTask DeleteAsync(OperationContext context)
    {
        var name = NameOf(context);
        RefuseBuiltIn(name);
        await live.ChangeAsync(
            current =>
            {
                Find(current, name);
                RefuseGoverned(current, name);
                return Without(current, current.Changes, name);
            },
            context.Cancellation).ConfigureAwait(false);
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => request.Filter is null
        ? ValueTask.FromResult<IEnumerationCursor>(new Cursor([.. live.Current.Plugins.Values.Select(PluginConfigurationReader.Read).Concat(builtIn()).OrderBy(plugin => plugin.Name, StringComparer.OrdinalIgnoreCase)]))
        : throw FaultCatalog.EnumerationFilteringNotSupported.Fault("plug-ins are listed without a filter.");

    public async ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input)
    {
        if (!method.Equals(RestoreOutput.Method, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidActionUri.Fault($"'{method}' is not a method of plug-ins; {RestoreOutput.Method} is.");
        }

        // Whatever came from outside goes; what the service itself brings is no registration.
        await live.ChangeAsync(
            current => current.Plugins.Keys.Where(name => !current.Policy.Plugins.ContainsKey(name)).Aggregate(current.Changes, (changes, name) => Without(current, changes, name)),
            context.Cancellation).ConfigureAwait(false);
        return new RestoreOutput(Uri);
    }

    private static string NameOf(OperationContext context)
    {
        var name = context.RequireSelector(NameKey);
        return context.Selectors.Count == 1 ? name : throw FaultCatalog.UnexpectedSelectors.Fault("a plug-in has the key Name alone.");
    }

    private static PluginConfiguration Read(BodyReader representation, string name)
    {
        if (!representation.HasElement)
        {
            throw FaultCatalog.SchemaValidationError.Fault("the body must hold 'PlugInConfiguration'; it holds nothing.");
        }

        var given = PluginConfigurationReader.Read(representation.ReadOuterXml());
        return given.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            ? given
            : throw FaultCatalog.InvalidXmlValues.Fault($"the registration is of '{given.Name}', the selector names '{name}'.");
    }

    private PluginConfiguration Find(ServiceConfiguration current, string name) => current.Plugins.TryGetValue(name, out var xml)
        ? PluginConfigurationReader.Read(xml)
        : BuiltIn(name) ?? throw FaultCatalog.ResourceNotFound.Fault($"there is no plug-in '{name}'.");

    private PluginConfiguration? BuiltIn(string name) => builtIn().FirstOrDefault(plugin => plugin.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void RefuseBuiltIn(string name)
    {
        if (BuiltIn(name) is { } own)
        {
            throw FaultCatalog.NotSupported.Fault($"the plug-in '{own.Name}' is a part of the service; who may use it is said with 'winrm configsddl'.");
        }
    }

    private static void RefuseGoverned(ServiceConfiguration current, string name)
    {
        if (current.Policy.Plugins.ContainsKey(name))
        {
            throw FaultCatalog.PolicyControlledSetting.Fault($"the plug-in '{name}' is set by the policy; change it there.");
        }
    }

    private static ConfigurationLayer Without(ServiceConfiguration current, ConfigurationLayer changes, string name)
    {
        changes = changes with { Plugins = changes.Plugins.Remove(name) };
        return current.Files.Plugins.ContainsKey(name) ? changes with { Removed = changes.Removed.Add(ServiceConfiguration.PluginId(name)) } : changes;
    }

    private ConfigurationLayer With(ServiceConfiguration current, PluginConfiguration given, PluginConfiguration? before)
    {
        RefuseGoverned(current, given.Name);
        if (current.Plugins.Where(other => !other.Key.Equals(given.Name, StringComparison.OrdinalIgnoreCase))
            .Select(other => PluginConfigurationReader.Read(other.Value))
            .Concat(builtIn())
            .SelectMany(other => other.Resources, (other, resource) => (Plugin: other.Name, resource.Uri))
            .FirstOrDefault(other => given.Resources.Any(own => own.Uri.Equals(other.Uri, StringComparison.OrdinalIgnoreCase))) is { Plugin: { } taken } clash)
        {
            throw FaultCatalog.AlreadyExists.Fault($"'{clash.Uri}' is a resource of the plug-in '{taken}' already.");
        }

        var kept = given with { RunAsPassword = Secret(given, before) };
        return current.Changes with
        {
            Plugins = current.Changes.Plugins.SetItem(kept.Name, PluginConfigurationWriter.Write(kept, withSecrets: true)),
            Removed = current.Changes.Removed.Remove(ServiceConfiguration.PluginId(kept.Name)),
        };
    }

    // What Get never shows, a Put of what Get showed must not lose.
    private string? Secret(PluginConfiguration given, PluginConfiguration? before) => given.RunAsPassword switch
    {
        null => given.RunAsUser is not null && given.RunAsUser == before?.RunAsUser ? before.RunAsPassword : null,
        var text when text.StartsWith(Sealed, StringComparison.Ordinal) => text,
        var text => seal is null
            ? throw FaultCatalog.NotSupported.Fault("this service has no key to seal a password under; leave RunAsPassword out: the broker needs none.")
            : Sealed + seal(ServiceConfiguration.PluginId(given.Name), text),
    };

    private static XmlBody BodyOf(PluginConfiguration plugin) => new(Encoding.UTF8.GetBytes(PluginConfigurationWriter.Write(plugin, withSecrets: false)));

    private sealed class Cursor(PluginConfiguration[] all) : IEnumerationCursor
    {
        private int _at = -1;

        public long? TotalItems => all.Length;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < all.Length);

        public void WriteObject(XmlUtf8Writer xml) => BodyOf(all[_at]).Write(xml);

        public void WriteReference(XmlUtf8Writer xml) =>
            new EndpointReference { ResourceUri = Uri, Selectors = SelectorSet.Of((NameKey, all[_at].Name)) }.Write(xml);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
