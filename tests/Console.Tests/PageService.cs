using System.Net;
using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Collector;
using Farwire.Collector.Store;
using Farwire.Events.Records;
using Farwire.Events.Subscriptions;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Console.Tests;

/// <summary>A collector with its page on a free loopback port, in a folder that goes with it.</summary>
internal sealed class PageService : IAsyncDisposable
{
    public const string Administrator = "ann";
    public const string Reader = "rob";
    public const string Nobody = "ned";
    public const string Password = "open sesame";

    private readonly string _folder;
    private readonly Dispatcher _dispatcher;
    private readonly ConsolePage _page;

    private PageService(string folder, EventCollector collector, Dispatcher dispatcher, ConsolePage page) =>
        (_folder, Collector, _dispatcher, _page) = (folder, collector, dispatcher, page);

    public EventCollector Collector { get; }

    public Uri Address => _page.Address;

    public static async Task<PageService> StartAsync(TimeProvider? time = null, X509Certificate2? certificate = null, IPAddress? address = null)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-page-").FullName;
        var collector = EventCollector.Open(new CollectorOptions { Folder = folder, Store = new EventStoreOptions { MinFreeBytes = 0 } }, time);
        var catalog = new ResourceCatalog();
        collector.AddTo(catalog);
        var access = new AccessPolicy
        {
            Rules = [],
            Root = SecurityDescriptor.Parse("O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;RM)"),
            Groups = [new WellKnownGroup(Sid.Administrators, [Administrator], []), new WellKnownGroup(Sid.RemoteManagementUsers, [Reader], [])],
        };
        var dispatcher = new Dispatcher(catalog, new ServiceOptions { Access = access });
        var users = UserStore.InMemory();
        foreach (var user in new[] { Administrator, Reader, Nobody })
        {
            users.Put(new StoredUser(user, user, PasswordHash.Of(Password, 1000)));
        }

        var edge = new WSManEdge(dispatcher, [new BasicScheme(users, TimeProvider.System)], new WSManEdgeOptions());
        try
        {
            var page = await ConsolePage.StartAsync(new Listener(new IPEndPoint(address ?? IPAddress.Loopback, 0), certificate), collector, edge, time);
            return new PageService(folder, collector, dispatcher, page);
        }
        catch
        {
            await dispatcher.DisposeAsync();
            await collector.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public SubscriptionDefinition Subscribe(string id) => Put(new SubscriptionDefinition
    {
        Id = id,
        Type = SubscriptionType.SourceInitiated,
        Query = "<QueryList><Query Path=\"Security\"><Select>*</Select></Query></QueryList>",
        AllowedPrincipals = ["*"],
    });

    public SubscriptionDefinition Put(SubscriptionDefinition subscription)
    {
        Collector.Subscriptions.Put(subscription);
        return subscription;
    }

    /// <summary>Stores events as if a source had brought them.</summary>
    public Task StoreAsync(params string[] events) => Collector.Store.AppendAsync(new StoreBatch("src01", "baseline", [.. events.Select(EventRecord.Read)]) { Bookmark = Guid.NewGuid().ToString() });

    public static string Event(int id, int level = 4, string provider = "Test", string channel = "Security", string computer = "src01", string data = "", string time = "2026-01-10T09:00:00Z", string more = "") =>
        $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID>{id}</EventID><Level>{level}</Level><TimeCreated SystemTime='{time}'/><EventRecordID>{id}</EventRecordID><Channel>{channel}</Channel><Computer>{computer}</Computer></System><EventData><Data Name='text'>{data}</Data></EventData>{more}</Event>";

    public async ValueTask DisposeAsync()
    {
        await _page.DisposeAsync();
        await _dispatcher.DisposeAsync();
        await Collector.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
