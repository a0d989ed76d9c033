using System.Text;
using Farwire.Collector.Access;
using Farwire.Collector.Store;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Collector.Tests.Sources;

/// <summary>A collector in its folder, with the engine before it.</summary>
internal sealed class RunningCollector : IAsyncDisposable
{
    private readonly EventStoreOptions _store;
    private Dispatcher _dispatcher;

    public RunningCollector(EventStoreOptions? store = null)
    {
        _store = store ?? new EventStoreOptions { MinFreeBytes = 0 };
        (Collector, _dispatcher) = Open();
    }

    public ManualTime Time { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("farwire-collector-").FullName;

    public EventCollector Collector { get; private set; }

    public Dispatcher Dispatcher => _dispatcher;

    public void Subscribe(string id, Func<SubscriptionDefinition, SubscriptionDefinition>? change = null)
    {
        var definition = new SubscriptionDefinition
        {
            Id = id,
            Type = SubscriptionType.SourceInitiated,
            Query = "<QueryList><Query Id=\"0\"><Select Path=\"Security\">*</Select></Query></QueryList>",
            AllowedPrincipals = ["src*"],
        };
        Collector.Subscriptions.Put(change?.Invoke(definition) ?? definition);
    }

    public SpeakingSource Source(string name = "src01", params System.Security.Claims.Claim[] claims) => new(this, new Caller(
        new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.Name, name), .. claims], "Kerberos")), "192.0.2.7"));

    public async Task RestartAsync()
    {
        await _dispatcher.DisposeAsync();
        await Collector.DisposeAsync();
        (Collector, _dispatcher) = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        await Collector.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private (EventCollector, Dispatcher) Open()
    {
        var collector = EventCollector.Open(new CollectorOptions { Folder = Folder, Store = _store }, Time);
        var catalog = new ResourceCatalog();
        collector.AddTo(catalog);
        return (collector, new Dispatcher(catalog));
    }
}

/// <summary>A source, line by line as Windows speaks.</summary>
internal sealed class SpeakingSource(RunningCollector collector, Caller caller)
{
    public const string To = "https://wec.corp.example:5986/wsman/SubscriptionManager/WEC";

    /// <summary>Asks for its subscriptions, and ends the conversation.</summary>
    public async Task<List<SubscriptionItem>> EnumerateAsync(string to = To)
    {
        var items = new List<SubscriptionItem>();
        var headers = new MessageHeaders
        {
            To = to,
            ResourceUri = ResourceUris.SubscriptionManager,
            MachineId = "\n  src01.corp.example ",
            Action = Actions.Enumerate,
            MaxEnvelopeSize = 512000,
            MessageId = Uuid.Format(Guid.NewGuid()),
            SessionId = Uuid.Format(Guid.NewGuid()),
            OperationTimeout = TimeSpan.FromSeconds(60),
        };
        using var reply = await SendAsync("SubscriptionManager/WEC", headers, new Enumerate { Optimize = true, MaxElements = 32000 });
        reply!.EnsureSuccess();
        var batch = EnumerationBatch.Read(reply.Body, body => items.Add(SubscriptionItem.Read(body)));
        Assert.True(batch.EndOfSequence);
        Assert.Equal("", batch.Context);
        Assert.Null(await SendAsync("SubscriptionManager/WEC", new MessageHeaders { To = to, ResourceUri = ResourceUris.FullDuplex, Action = Actions.End, MessageId = "uuid:9" }, EmptyBody.Instance));
        return items;
    }

    public Task<ReceivedReply?> HeartbeatAsync(SubscriptionItem item) => DeliverAsync(item, Actions.Heartbeat, EventBatch.Empty, null);

    public Task<ReceivedReply?> EventsAsync(SubscriptionItem item, string bookmark, params string[] events) =>
        DeliverAsync(item, Actions.Events, new EventBatch { Events = events }, $"<BookmarkList><Bookmark Channel=\"Security\" RecordId=\"{bookmark}\" IsCurrent=\"true\"/></BookmarkList>");

    public Task<ReceivedReply?> DeliverAsync(SubscriptionItem item, string action, IBody body, string? bookmark, string? identifier = null, bool ack = true)
    {
        var notifyTo = item.Subscribe.Delivery.NotifyTo!;
        return SendAsync(
            new Uri(notifyTo.Address).AbsolutePath["/wsman/".Length..],
            new MessageHeaders
            {
                To = notifyTo.Address,
                MachineId = "src01.corp.example",
                Action = action,
                MessageId = Uuid.Format(Guid.NewGuid()),
                OperationId = Uuid.Format(Guid.NewGuid()),
                SequenceId = 1,
                Identifier = identifier ?? $" {notifyTo.Identifier} ",
                Bookmark = bookmark,
                AckRequested = ack,
            },
            body);
    }

    private async Task<ReceivedReply?> SendAsync(string path, MessageHeaders headers, IBody body)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Request(headers, body));
        var reply = await collector.Dispatcher.ProcessAsync(xml.Written, caller, CancellationToken.None, path);
        if (reply.Utf8.Length == 0)
        {
            return null;
        }

        var received = EnvelopeReader.ReadReply(reply.Utf8).Owning(reply);
        Assert.Equal(headers.MessageId, received.Headers.RelatesTo);
        return received;
    }
}
