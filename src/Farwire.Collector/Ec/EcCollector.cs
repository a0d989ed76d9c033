using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Events;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;

namespace Farwire.Collector.Ec;

/// <summary>A collector as programs manage it: what the functions of Windows' library do, in the shape of .NET.</summary>
/// <remarks>
/// Windows Event Collector, "Functions". EcOpenSubscription, EcDeleteSubscription, EcOpenSubscriptionEnum, EcGetSubscriptionRunTimeStatus and
/// EcRetrySubscription are here; the others belong to what these answer. EcClose is <c>Dispose</c>.
/// </remarks>
public sealed class EcCollector : IAsyncDisposable
{
    private const string Key = "SubscriptionId";

    private readonly WSManConnectionOptions _options;
    private readonly WSManClient _client;

    /// <summary>The collector of a service.</summary>
    public EcCollector(WSManConnectionOptions options) => (_options, _client) = (options, new WSManClient(options));

    /// <summary>The collector of this machine.</summary>
    /// <param name="socket">The local socket of the service.</param>
    public static EcCollector OfThisMachine(string socket = "/run/farwire/local.sock") =>
        new(new WSManConnectionOptions { Address = new Uri("http://localhost/wsman"), LocalSocket = socket });

    /// <summary>Opens a subscription, or begins one. Nothing is stored before it is saved. EcOpenSubscription.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="access">What the handle is for.</param>
    /// <param name="open">Whether it must exist, or must not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EcException">It exists, or does not, against <paramref name="open"/>; or the collector cannot be asked.</exception>
    public async Task<EcSubscription> OpenSubscriptionAsync(string name, EcAccess access, EcOpen open, CancellationToken cancellationToken = default)
    {
        var known = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        return (open, known) switch
        {
            (EcOpen.CreateNew, not null) => throw new EcException(EcException.AlreadyExists, $"There is a subscription '{name}' already."),
            (EcOpen.OpenExisting, null) => throw Missing(name),
            _ => new EcSubscription(this, known ?? new SubscriptionDefinition { Id = name }, isNew: known is null, access),
        };
    }

    /// <summary>Removes a subscription. EcDeleteSubscription.</summary>
    /// <exception cref="EcException">There is none of this name.</exception>
    public Task DeleteSubscriptionAsync(string name, CancellationToken cancellationToken = default) => AskAsync(async () =>
    {
        await _client.DeleteAsync(CollectorUris.Subscription, Named(name), cancellationToken).ConfigureAwait(false);
        return true;
    });

    /// <summary>Lists the names of all subscriptions. EcOpenSubscriptionEnum.</summary>
    public Task<EcSubscriptionEnum> OpenSubscriptionEnumAsync(CancellationToken cancellationToken = default) => AskAsync(async () =>
    {
        var names = new List<string>();
        await foreach (var xml in _client.EnumerateAsync(CollectorUris.Subscription, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            names.Add(SubscriptionReader.Read(xml).Id);
        }

        return new EcSubscriptionEnum(names);
    });

    /// <summary>Tells how a subscription or one of its sources fares. EcGetSubscriptionRunTimeStatus.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="status">What is asked.</param>
    /// <param name="source">The source; null asks about the subscription itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EcException">There is no such subscription or source.</exception>
    public async Task<EcVariant> GetSubscriptionRunTimeStatusAsync(string name, EcStatusId status, string? source = null, CancellationToken cancellationToken = default)
    {
        var subscription = await FindAsync(name, cancellationToken).ConfigureAwait(false) ?? throw Missing(name);
        var sources = await AskAsync(() => SourcesAsync(subscription.Id, cancellationToken)).ConfigureAwait(false);
        if (source is null)
        {
            return EcRunTimeStatus.Of(subscription, sources, status);
        }

        return sources.Find(one => EcRunTimeStatus.NameOf(one).Equals(source, StringComparison.OrdinalIgnoreCase)) is { } found
            ? EcRunTimeStatus.Of(found, status)
            : throw new EcException(EcException.FileNotFound, $"'{source}' is not a source of '{subscription.Id}'.");
    }

    /// <summary>Has sources tried now. EcRetrySubscription.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="source">The source; null tries all that are not disabled.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task RetrySubscriptionAsync(string name, string? source = null, CancellationToken cancellationToken = default)
    {
        XNamespace f = CollectorUris.Subscription;
        var input = new XElement(f + $"{CollectorUris.Retry}_INPUT", source is null ? null : new XElement(f + "Source", source)).ToString();
        return AskAsync(() => _client.InvokeAsync(CollectorUris.Retry, CollectorUris.Subscription, Named(name), input, cancellationToken));
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    internal Task SaveAsync(SubscriptionDefinition subscription, bool isNew, CancellationToken cancellationToken)
    {
        var xml = SubscriptionWriter.Write(subscription, withPasswords: true);
        return AskAsync(async () => isNew
            ? (await _client.CreateAsync(CollectorUris.Subscription, null, xml, cancellationToken).ConfigureAwait(false)).ToString()
            : await _client.PutAsync(CollectorUris.Subscription, Named(subscription.Id), xml, cancellationToken).ConfigureAwait(false));
    }

    private static SelectorSet Named(string name) => SelectorSet.Of((Key, name));

    private static EcException Missing(string name) => new(EcException.FileNotFound, $"There is no subscription '{name}'.");

    private async Task<SubscriptionDefinition?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(async () => SubscriptionReader.Read(await _client.GetAsync(CollectorUris.Subscription, Named(name), cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }
        catch (EcException e) when (e.Code == EcException.FileNotFound)
        {
            return null;
        }
    }

    private async Task<List<XElement>> SourcesAsync(string name, CancellationToken cancellationToken)
    {
        var sources = new List<XElement>();
        await using var client = new WSManClient(_options with { RequestOptions = OptionSet.Of(new Option(Key, name)) });
        await foreach (var xml in client.EnumerateAsync(CollectorUris.Source, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            sources.Add(XElement.Parse(xml));
        }

        return sources;
    }

    // What the collector refuses has the number that Windows' library would answer.
    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (WSManFaultException e)
        {
            var code = e.Fault.Code == FaultCatalog.FileNotFound.Code ? EcException.FileNotFound
                : e.Fault.Code == FaultCatalog.AlreadyExists.Code ? EcException.AlreadyExists
                : e.Fault.Code == FaultCatalog.AccessDenied.Code ? EcException.AccessDenied
                : EcException.InvalidParameter;
            throw new EcException(code, e.Fault.Message, e);
        }
        catch (WSManTransportException e)
        {
            throw new EcException(e.Failure == TransportFailure.Authentication ? EcException.AccessDenied : EcException.ServerUnavailable, $"{e.Message} {e.Fix}", e);
        }
    }
}
