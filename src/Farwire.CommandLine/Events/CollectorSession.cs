using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Events;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;

namespace Farwire.CommandLine.Events;

/// <summary>A collector as its commands see it.</summary>
internal sealed class CollectorSession(WSManConnectionOptions options, Func<WSManConnectionOptions, WSManClient> connect)
{
    private const string Key = "SubscriptionId";

    public async Task<List<SubscriptionDefinition>> ListAsync(CancellationToken cancellationToken)
    {
        var subscriptions = new List<SubscriptionDefinition>();
        await using var client = connect(options);
        await foreach (var xml in client.EnumerateAsync(CollectorUris.Subscription, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            subscriptions.Add(SubscriptionReader.Read(xml));
        }

        return subscriptions;
    }

    public async Task<SubscriptionDefinition> GetAsync(string id, CancellationToken cancellationToken)
    {
        await using var client = connect(options);
        return SubscriptionReader.Read(await client.GetAsync(CollectorUris.Subscription, SelectorSet.Of((Key, id)), cancellationToken).ConfigureAwait(false));
    }

    public async Task PutAsync(SubscriptionDefinition subscription, CancellationToken cancellationToken)
    {
        await using var client = connect(options);
        await client.PutAsync(
            CollectorUris.Subscription, SelectorSet.Of((Key, subscription.Id)), SubscriptionWriter.Write(subscription, withPasswords: true), cancellationToken).ConfigureAwait(false);
    }

    public async Task CreateAsync(SubscriptionDefinition subscription, CancellationToken cancellationToken)
    {
        await using var client = connect(options);
        await client.CreateAsync(CollectorUris.Subscription, null, SubscriptionWriter.Write(subscription, withPasswords: true), cancellationToken).ConfigureAwait(false);
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var client = connect(options);
        await client.DeleteAsync(CollectorUris.Subscription, SelectorSet.Of((Key, id)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has the sources of a subscription tried now; none named means all.</summary>
    public async Task RetryAsync(string id, IEnumerable<string> sources, CancellationToken cancellationToken)
    {
        XNamespace f = CollectorUris.Subscription;
        var input = new XElement(f + $"{CollectorUris.Retry}_INPUT", sources.Select(source => new XElement(f + "Source", source)));
        await using var client = connect(options);
        await client.InvokeAsync(CollectorUris.Retry, CollectorUris.Subscription, SelectorSet.Of((Key, id)), input.ToString(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the log takes events.</summary>
    public async Task<bool> IsLogEnabledAsync(CancellationToken cancellationToken)
    {
        await using var client = connect(options);
        var log = XElement.Parse(await client.GetAsync(CollectorUris.Log, cancellationToken: cancellationToken).ConfigureAwait(false));
        return log.Elements().Any(e => e.Name.LocalName == "Enabled" && e.Value == "true");
    }

    /// <summary>Has the log take events.</summary>
    public async Task EnableLogAsync(CancellationToken cancellationToken)
    {
        XNamespace f = CollectorUris.Log;
        await using var client = connect(options);
        await client.PutAsync(CollectorUris.Log, null, new XElement(f + "Log", new XElement(f + "Enabled", "true")).ToString(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the collector knows of its sources, as the elements it sends.</summary>
    public async Task<List<XElement>> SourcesAsync(string? subscription, CancellationToken cancellationToken)
    {
        var sources = new List<XElement>();
        await using var client = connect(subscription is null ? options : options with { RequestOptions = OptionSet.Of(new Option(Key, subscription)) });
        await foreach (var xml in client.EnumerateAsync(CollectorUris.Source, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            sources.Add(XElement.Parse(xml));
        }

        return sources;
    }

    /// <summary>Stored events, as the elements that the collector sends.</summary>
    public async IAsyncEnumerable<XElement> EventsAsync(
        IReadOnlyList<Option> search, Filter? filter, int batch, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var client = connect(options with { RequestOptions = OptionSet.Of([.. search]) });
        var request = new EnumerationRequest { Filter = filter, BatchItems = batch };
        await foreach (var xml in client.EnumerateAsync(CollectorUris.Event, request, cancellationToken).ConfigureAwait(false))
        {
            yield return XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        }
    }
}
