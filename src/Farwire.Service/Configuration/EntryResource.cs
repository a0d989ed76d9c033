using System.Collections.Immutable;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Service.Configuration;

/// <summary>The entries of a table as resources: Get, Put, Create, Delete, Enumerate.</summary>
/// <remarks>MS-WSMV, "Listener", "CertMapping", "CustomRemoteShell".</remarks>
internal sealed class EntryResource(EntryTable table, LiveConfiguration live, IEntryRules rules)
    : IGetResource, IPutResource, ICreateResource, IDeleteResource, IEnumerateResource
{
    private static readonly ILookup<string, string> Nothing = Array.Empty<string>().ToLookup(name => name);

    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult(BodyOf(Find(live.Current, context)));

    public async ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        List<(string Name, string Value)> computed = [];
        var given = ConfigurationXml.Read(representation, table, computed);
        await live.ChangeAsync(
            current =>
            {
                var before = Find(current, context);
                var shown = rules.Computed(before, current).ToLookup(c => c.Name, c => c.Value);
                if (computed.FirstOrDefault(c => !shown[c.Name].Contains(c.Value)) is { Name: { } name })
                {
                    throw FaultCatalog.ConfigurationReadOnlyProperty.Fault($"{name} is what the service finds out.");
                }

                return Put(current, Changed(before, given, shown, current), before);
            },
            context.Cancellation).ConfigureAwait(false);
        return BodyOf(Find(live.Current, context));
    }

    public async ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation)
    {
        List<(string Name, string Value)> computed = [];
        var given = ConfigurationXml.Read(representation, table, computed);
        if (computed.Count > 0)
        {
            throw FaultCatalog.ConfigurationReadOnlyProperty.Fault($"{computed[0].Name} is what the service finds out.");
        }

        var fresh = new ConfigurationEntry(table, KeysOf(context.Selectors), "changed by wire");
        await live.ChangeAsync(
            current =>
            {
                if (current.EntriesOf(table).Any(other => other.Is(fresh.Selectors)))
                {
                    throw FaultCatalog.AlreadyExists.Fault($"there is {fresh.Id} already; change it with Put.");
                }

                return current.EntriesOf(table).Count < EntryTable.MaxEntries
                    ? Put(current, Changed(fresh, given, Nothing, current), null)
                    : throw FaultCatalog.QuotaLimit.Fault($"there are {EntryTable.MaxEntries} entries of {table.Name}; delete some first.");
            },
            context.Cancellation).ConfigureAwait(false);
        return context.Reference(fresh.Selectors, table.Uri);
    }

    public async ValueTask DeleteAsync(OperationContext context) => await live.ChangeAsync(
        current =>
        {
            var entry = Find(current, context);
            RefuseGoverned(entry, current);
            var changes = current.Changes.Without(entry);
            return current.Files.Entries.Any(other => other.Table == table && other.Is(entry.Selectors))
                ? changes with { Removed = changes.Removed.Add(entry.Id) }
                : changes;
        },
        context.Cancellation).ConfigureAwait(false);

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => request.Filter is null
        ? ValueTask.FromResult<IEnumerationCursor>(new Cursor(this, live.Current.EntriesOf(table)))
        : throw FaultCatalog.EnumerationFilteringNotSupported.Fault($"{table.Name} is listed without a filter.");

    private ConfigurationLayer Put(ServiceConfiguration current, ConfigurationEntry entry, ConfigurationEntry? before) =>
        current.Changes.With(rules.Accept(entry, before, current) with { Origin = "changed by wire" });

    private ConfigurationEntry Changed(
        ConfigurationEntry before, IReadOnlyDictionary<Setting, string?> given, ILookup<string, string> shown, ServiceConfiguration current)
    {
        RefuseGoverned(before, current);
        var values = before.Values;
        foreach (var (setting, text) in given)
        {
            // What Get filled in comes back with a Put of the whole; it is no wish of the client.
            if (text is not null && !before.Values.ContainsKey(setting) && shown[setting.Name].Contains(text))
            {
                continue;
            }

            var value = string.IsNullOrEmpty(text) ? "" : SectionResource.Parse(setting, text);
            if (table.Keys.Contains(setting) && !value.Equals(before[setting], StringComparison.OrdinalIgnoreCase))
            {
                throw FaultCatalog.InvalidRepresentation.Fault($"{setting.Name} is a key of {before.Id} and cannot be changed.");
            }

            values = value.Length == 0 ? values.Remove(setting) : values.SetItem(setting, value);
        }

        return before with { Values = values };
    }

    private ImmutableDictionary<Setting, string> KeysOf(SelectorSet selectors)
    {
        if (selectors.FirstOrDefault(s => table.Keys.All(key => !key.Name.Equals(s.Name, StringComparison.OrdinalIgnoreCase))) is { } unexpected)
        {
            throw FaultCatalog.UnexpectedSelectors.Fault($"'{unexpected.Name}' is not a key of {table.Name}; {string.Join(", ", table.Keys.Select(key => key.Name))} are.");
        }

        var keys = ImmutableDictionary<Setting, string>.Empty;
        foreach (var key in table.Keys)
        {
            var text = selectors[key.Name] ?? throw FaultCatalog.InsufficientSelectors.Fault($"the request needs the selector '{key.Name}'.");
            try
            {
                keys = keys.Add(key, key.Parse(key.Name == "Transport" ? text.ToUpperInvariant() : text));
            }
            catch (SettingException e)
            {
                throw (key.Name == "Address" ? FaultCatalog.ListenerAddressInvalid : FaultCatalog.InvalidSelectorValue).Fault(e.Message);
            }
        }

        return keys;
    }

    private ConfigurationEntry Find(ServiceConfiguration current, OperationContext context)
    {
        var keys = new ConfigurationEntry(table, KeysOf(context.Selectors), "");
        return current.EntriesOf(table).FirstOrDefault(entry => entry.Is(keys.Selectors))
            ?? throw FaultCatalog.ResourceNotFound.Fault($"there is no {keys.Id}.");
    }

    private static void RefuseGoverned(ConfigurationEntry entry, ServiceConfiguration current)
    {
        if (current.Policy.Entries.FirstOrDefault(other => other.Table == entry.Table && other.Is(entry.Selectors)) is { } governing)
        {
            throw FaultCatalog.PolicyControlledSetting.Fault($"{entry.Id} is set by {governing.Origin}; change it there.");
        }
    }

    private IBody BodyOf(ConfigurationEntry entry) => ConfigurationXml.BodyOf(entry, rules.Computed(entry, live.Current));

    private sealed class Cursor(EntryResource resource, IReadOnlyList<ConfigurationEntry> all) : IEnumerationCursor
    {
        private int _at = -1;

        public long? TotalItems => all.Count;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < all.Count);

        public void WriteObject(XmlUtf8Writer xml) => resource.BodyOf(all[_at]).Write(xml);

        public void WriteReference(XmlUtf8Writer xml) =>
            new EndpointReference { ResourceUri = all[_at].Table.Uri, Selectors = all[_at].Selectors }.Write(xml);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
