using System.Collections.Immutable;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Service.Configuration;

/// <summary>Who may do what at which resource: <c>…/config/security?URI=…</c>, which <c>winrm configsddl</c> reads and changes.</summary>
/// <remarks>
/// Our addition; Windows keeps the same in each plug-in's Security. Get answers the descriptor in force, with the URI it was written for; Put and Create
/// keep one for this very URI; Delete takes back what was changed by wire; Enumerate lists all rules.
/// </remarks>
internal sealed class SecurityResource(LiveConfiguration live, Func<AccessPolicy> policy)
    : IGetResource, IPutResource, ICreateResource, IDeleteResource, IEnumerateResource
{
    private static EntryTable Table => ConfigurationTable.Security;

    public ValueTask<IBody> GetAsync(OperationContext context)
    {
        var uri = UriOf(context);
        var access = policy();
        return ValueTask.FromResult(BodyOf(access.RuleOf(uri) ?? new AccessRule("", false, access.Root)));
    }

    public async ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        await KeepAsync(context, representation, mustBeNew: false).ConfigureAwait(false);
        return await GetAsync(context).ConfigureAwait(false);
    }

    public async ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation)
    {
        await KeepAsync(context, representation, mustBeNew: true).ConfigureAwait(false);
        return context.Reference(context.Selectors, Table.Uri);
    }

    public async ValueTask DeleteAsync(OperationContext context)
    {
        var keys = EntryOf(UriOf(context));
        await live.ChangeAsync(
            current => current.Changes.Entries.Any(other => other.Table == Table && other.Is(keys.Selectors))
                ? current.Changes.Without(keys)
                : throw FaultCatalog.ResourceNotFound.Fault($"nothing was changed by wire for '{UriOf(context)}'."),
            context.Cancellation).ConfigureAwait(false);
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => request.Filter is null
        ? ValueTask.FromResult<IEnumerationCursor>(new Cursor(policy().Rules))
        : throw FaultCatalog.EnumerationFilteringNotSupported.Fault($"{Table.Name} is listed without a filter.");

    private async Task KeepAsync(OperationContext context, BodyReader representation, bool mustBeNew)
    {
        var fresh = EntryOf(UriOf(context));
        var given = ConfigurationXml.Read(representation, Table, []);
        var values = fresh.Values;
        foreach (var (setting, text) in given.Where(one => !Table.Keys.Contains(one.Key)))
        {
            values = values.SetItem(setting, SectionResource.Parse(setting, text ?? ""));
        }

        if (!values.ContainsKey(Table.Settings[0]))
        {
            throw FaultCatalog.InvalidXmlMissingValues.Fault("Sddl is missing: who may do what.");
        }

        await live.ChangeAsync(
            current =>
            {
                var others = current.EntriesOf(Table);
                if (mustBeNew && others.Any(other => other.Is(fresh.Selectors)))
                {
                    throw FaultCatalog.AlreadyExists.Fault($"there is {fresh.Id} already; change it with Put.");
                }

                return current.Policy.Entries.Any(other => other.Table == Table && other.Is(fresh.Selectors))
                    ? throw FaultCatalog.PolicyControlledSetting.Fault($"{fresh.Id} is set by the policy; change it there.")
                    : others.Count < EntryTable.MaxEntries
                    ? current.Changes.With(fresh with { Values = values })
                    : throw FaultCatalog.QuotaLimit.Fault($"there are {EntryTable.MaxEntries} entries of {Table.Name}; delete some first.");
            },
            context.Cancellation).ConfigureAwait(false);
    }

    private static ConfigurationEntry EntryOf(string uri) => new(Table, ImmutableDictionary<Setting, string>.Empty.Add(Table.Keys[0], uri), "changed by wire");

    private static string UriOf(OperationContext context)
    {
        var uri = context.RequireSelector("URI");
        return context.Selectors.Count == 1 && SettingChecks.ShellUri(uri) is null
            ? uri.TrimEnd('/')
            : throw FaultCatalog.InvalidSelectorValue.Fault($"'{uri}' is not the absolute URI of a resource, or there are more selectors than URI.");
    }

    private static IBody BodyOf(AccessRule rule) => ConfigurationXml.BodyOf(Written(rule), []);

    private static ConfigurationEntry Written(AccessRule rule) => new(
        Table,
        EntryOf(rule.Uri).Values.Add(Table.Settings[0], rule.Descriptor.Text).Add(Table.Settings[1], rule.IsExact ? "true" : "false"),
        "");

    private sealed class Cursor(IReadOnlyList<AccessRule> all) : IEnumerationCursor
    {
        private int _at = -1;

        public long? TotalItems => all.Count;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < all.Count);

        public void WriteObject(XmlUtf8Writer xml) => BodyOf(all[_at]).Write(xml);

        public void WriteReference(XmlUtf8Writer xml) => new EndpointReference { ResourceUri = Table.Uri, Selectors = Written(all[_at]).Selectors }.Write(xml);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
