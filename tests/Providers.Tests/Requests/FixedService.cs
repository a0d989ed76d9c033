using System.Xml.Linq;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;
using Farwire.TestService;

namespace Farwire.Providers.Tests.Requests;

/// <summary>A service over <see cref="FixedPlace"/>, asked and answered in XML.</summary>
internal sealed class FixedService : IAsyncDisposable
{
    public const string Test = ResourceUris.Wmi + "/root/fixed";

    private readonly Dispatcher _dispatcher;
    private readonly LoopbackChannel _channel;

    public FixedService()
    {
        _dispatcher = new Dispatcher(new ResourceCatalog().Add(FixedPlace.Catalog()));
        _channel = new LoopbackChannel(_dispatcher, Caller.Named("ann"));
    }

    public async Task<XElement> AskAsync(string action, string uri, string? body = null, string? fragment = null, OptionSet? options = null, params (string, string)[] keys)
    {
        using var reply = (await _channel.AskAsync(Headers(action, uri, fragment, options, keys), Body(body))).EnsureSuccess();
        return XElement.Parse(reply.Body.ReadOuterXml());
    }

    public Task<WSManFault> FaultAsync(string action, string uri, string? body = null, string? fragment = null, OptionSet? options = null, params (string, string)[] keys) =>
        _channel.FaultAsync(Headers(action, uri, fragment, options, keys), Body(body));

    public async Task<List<XElement>> ListAsync(string uri, Enumerate? request = null, params (string, string)[] keys)
    {
        var items = new List<XElement>();
        using var reply = (await _channel.AskAsync(
            Exchange.Headers(Actions.Enumerate, uri, keys), (request ?? new Enumerate()) with { Optimize = true, MaxElements = 1000 })).EnsureSuccess();
        Assert.True(EnumerationBatch.Read(reply.Body, item => items.Add(XElement.Parse(item.ReadOuterXml()))).EndOfSequence);
        return items;
    }

    public Task<WSManFault> ListFaultAsync(string uri, Enumerate request, OptionSet? options = null) =>
        _channel.FaultAsync(Exchange.Headers(Actions.Enumerate, uri) with { Options = options ?? OptionSet.Empty }, request);

    public Task<List<XElement>> QueryAsync(string query, string ns = "root/fixed") =>
        ListAsync($"{ResourceUris.Wmi}/{ns}/*", new Enumerate { Filter = Filter.Wql(query) });

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _dispatcher.DisposeAsync();
    }

    private static MessageHeaders Headers(string action, string uri, string? fragment, OptionSet? options, (string, string)[] keys) => Exchange.Headers(action, uri, keys) with
    {
        FragmentTransfer = fragment is null ? null : new FragmentTransfer(fragment),
        Options = options ?? OptionSet.Empty,
    };

    private static IBody Body(string? xml) => xml is null ? EmptyBody.Instance : new XmlBody(System.Text.Encoding.UTF8.GetBytes(xml));
}

internal static class XmlReading
{
    /// <summary>The texts of the elements called <paramref name="name"/>, whatever their namespace.</summary>
    public static List<string> Texts(this XElement element, string name) => [.. element.DescendantsAndSelf().Where(e => e.Name.LocalName == name).Select(e => e.Value)];
}
