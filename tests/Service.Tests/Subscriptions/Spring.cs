using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.Service.Subscriptions;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Subscriptions;

/// <summary>A service whose only resource tells what the test lets happen, and subscribers that write down what they get.</summary>
internal sealed class Spring : ISubscribeResource, IDeliveryChannels, IAsyncDisposable
{
    public const string Uri = ResourceUris.Microsoft + "/test/Spring";

    private readonly Channel<string> _events = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public Spring(ServiceOptions? options = null)
    {
        Dispatcher = new Dispatcher(new ResourceCatalog().Add(Uri, this), (options ?? new ServiceOptions()) with { MachineName = "spring" }, Time, deliveries: this);
        Channel = As("ann");
    }

    public ManualTime Time { get; } = new();

    public Dispatcher Dispatcher { get; }

    public LoopbackChannel Channel { get; }

    /// <summary>What subscribers got, in order.</summary>
    public Channel<string> Delivered { get; } = System.Threading.Channels.Channel.CreateUnbounded<string>();

    /// <summary>How the next messages are answered; an acknowledgement when there is nothing.</summary>
    public ConcurrentQueue<Func<MessageHeaders, ReceivedReply?>> Answers { get; } = new();

    /// <summary>Bookmarks that arrived.</summary>
    public ConcurrentQueue<string?> Arrived { get; } = new();

    public LoopbackChannel As(string caller) => new(Dispatcher, Caller.Named(caller));

    public void Happen(params string[] names)
    {
        foreach (var name in names)
        {
            _events.Writer.TryWrite(name);
        }
    }

    public void RunDry() => _events.Writer.Complete(FaultCatalog.ResourceNotFound.Fault("the spring is dry."));

    public async Task<string> NextAsync() => await Delivered.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask<IEnumerationCursor> SubscribeAsync(OperationContext context, Subscribe request) => ValueTask.FromResult<IEnumerationCursor>(new Cursor(this));

    public IDeliveryChannel Open(EventingReference to) => to.Address.StartsWith("http", StringComparison.Ordinal) ? new Way(this) : throw FaultCatalog.UnusableAddress.Fault(to.Address);

    public ValueTask DisposeAsync() => Dispatcher.DisposeAsync();

    public static ReceivedReply Acknowledge(MessageHeaders headers) =>
        Answer(new Reply(new MessageHeaders { Action = Actions.Ack, MessageId = "uuid:1", RelatesTo = headers.MessageId }, EmptyBody.Instance));

    public static ReceivedReply Refuse(MessageHeaders headers) =>
        Answer(new Reply(new MessageHeaders { Action = "f", MessageId = "uuid:1", RelatesTo = headers.MessageId }, FaultCatalog.DeliveryRefused.ToFault("no more.")));

    public static ReceivedReply? Break(MessageHeaders headers) => throw new DeliveryException("nobody there");

    private static ReceivedReply Answer(Reply reply)
    {
        var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, reply);
        return EnvelopeReader.ReadReply(xml.Written).Owning(xml);
    }

    private sealed class Way(Spring spring) : IDeliveryChannel
    {
        public async Task<ReceivedReply?> SendAsync(Request message, CancellationToken cancellationToken)
        {
            await Task.Yield();
            using var xml = new XmlUtf8Writer();
            EnvelopeWriter.Write(xml, message);
            var answer = spring.Answers.TryDequeue(out var given) ? given : Acknowledge;
            spring.Delivered.Writer.TryWrite(Encoding.UTF8.GetString(xml.Written.Span));
            return answer(message.Headers);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Cursor(Spring spring) : IEventCursor
    {
        private string _name = "";

        public string? Bookmark => $"<At xmlns=\"\">{_name}</At>";

        public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
        {
            return await spring._events.Reader.WaitToReadAsync(cancellationToken) && spring._events.Reader.TryRead(out _name!);
        }

        public void WriteObject(XmlUtf8Writer xml) => xml.RawContent(Encoding.UTF8.GetBytes($"<Drop xmlns=\"\">{_name}</Drop>"));

        public void WriteReference(XmlUtf8Writer xml) => throw FaultCatalog.EnumerationModeUnsupported.Fault();

        public ValueTask ArrivedAsync(string? bookmark)
        {
            spring.Arrived.Enqueue(bookmark);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
