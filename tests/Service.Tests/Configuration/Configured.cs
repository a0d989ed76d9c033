using System.Text;
using System.Xml.Linq;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Configuration;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Configuration;

/// <summary>A service whose configuration is its only resource.</summary>
internal sealed class Configured : IAsyncDisposable, IConfigurationStore, IListenerHost
{
    public const string Listener = Namespaces.Config + "/listener";
    public const string Mapping = Namespaces.Config + "/service/certmapping";

    public Configured(ConfigurationLayer? files = null, ConfigurationLayer? policy = null)
    {
        Live = new LiveConfiguration(new ServiceConfiguration(files ?? ConfigurationLayer.Empty, ConfigurationLayer.Empty, policy ?? ConfigurationLayer.Empty), this);
        Dispatcher = new Dispatcher(new ResourceCatalog().AddConfiguration(Live, this, (name, secret) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}|{secret}"))));
        Live.Apply = (_, after) =>
        {
            Dispatcher.Options = Dispatcher.Options.With(after);
            return Task.CompletedTask;
        };
        Channel = As(Environment.UserName);
    }

    public LiveConfiguration Live { get; }

    public Dispatcher Dispatcher { get; }

    public LoopbackChannel Channel { get; }

    /// <summary>What was kept last.</summary>
    public ConfigurationLayer? Saved { get; private set; }

    /// <summary>Makes keeping fail.</summary>
    public bool IsDiskFull { get; set; }

    public string? Missing { get; set; }

    public LoopbackChannel As(string account) => new(Dispatcher, Caller.Named(account, account: account));

    public async Task<XElement> GetAsync(string path = "", params (string, string)[] keys) => await AskAsync(Actions.Get, Namespaces.Config + path, "", keys);

    public async Task<XElement> AskAsync(string action, string uri, string xml = "", params (string, string)[] keys)
    {
        using var reply = (await Channel.AskAsync(Exchange.Headers(action, uri, keys), BodyOf(xml))).EnsureSuccess();
        return reply.Body.HasElement ? XElement.Parse(reply.Body.ReadOuterXml()) : new XElement("nothing");
    }

    public Task<WSManFault> FaultAsync(string action, string uri, string xml = "", params (string, string)[] keys) =>
        Channel.FaultAsync(Exchange.Headers(action, uri, keys), BodyOf(xml));

    public void Save(ConfigurationLayer changes) => Saved = IsDiskFull ? throw new IOException("No space left on device") : changes;

    public IReadOnlyList<string> AddressesOf(ConfigurationEntry listener) => listener.IsTrue("Enabled") ? ["127.0.0.1", "::1"] : [];

    public string? MissingCertificate(ConfigurationEntry listener) => Missing;

    public ValueTask DisposeAsync()
    {
        Live.Dispose();
        return Dispatcher.DisposeAsync();
    }

    private static IBody BodyOf(string xml) => xml.Length == 0 ? EmptyBody.Instance : new XmlBody(Encoding.UTF8.GetBytes(xml));
}
