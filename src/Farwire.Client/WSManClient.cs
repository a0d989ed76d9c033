using System.Text;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Wql;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Client.Eventing;
using Farwire.Client.PowerShell;
using Farwire.Client.Shells;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Identify;
using Farwire.Protocol.Names;
using Farwire.Protocol.Robust;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;

namespace Farwire.Client;

/// <summary>A client of one WS-Management service. Safe for several callers at once.</summary>
/// <remarks>
/// What the service refuses arrives as <see cref="WSManFaultException"/>, a broken way as <see cref="WSManTransportException"/>. DSP0226, "Resource
/// access".
/// </remarks>
public sealed class WSManClient : IAsyncDisposable
{
    private readonly IMessageChannel _channel;
    private readonly string _sessionId;

    /// <summary>A client over HTTP or HTTPS.</summary>
    public WSManClient(WSManConnectionOptions options)
        : this(new HttpChannel(options), options)
    {
    }

    /// <summary>A client over any channel, which it owns.</summary>
    public WSManClient(IMessageChannel channel, WSManConnectionOptions options)
        : this(channel, options, Uuid.Format(Guid.NewGuid()))
    {
    }

    private WSManClient(IMessageChannel channel, WSManConnectionOptions options, string sessionId)
    {
        _channel = channel;
        _sessionId = sessionId;
        Options = options;
    }

    /// <summary>How the service is reached.</summary>
    public WSManConnectionOptions Options { get; }

    /// <summary>Asks the service what it is. Without a user it tells less.</summary>
    public async Task<IdentifyResponse> IdentifyAsync(CancellationToken cancellationToken = default)
    {
        using var reply = await SendAsync(new Request(new MessageHeaders(), new Identify()), cancellationToken).ConfigureAwait(false);
        return IdentifyResponse.Read(reply.Body);
    }

    /// <summary>The same question, its answer as it came.</summary>
    internal Task<string> IdentifyXmlAsync(CancellationToken cancellationToken) =>
        RoundTripAsync(new MessageHeaders(), new Identify(), body => body.ReadOuterXml(), cancellationToken);

    /// <summary>Reads a resource as XML.</summary>
    public Task<string> GetAsync(string resourceUri, SelectorSet? selectors = null, CancellationToken cancellationToken = default) =>
        RoundTripAsync(Headers(Actions.Get, resourceUri, selectors), EmptyBody.Instance, body => body.HasElement ? body.ReadOuterXml() : "", cancellationToken);

    /// <summary>Reads a part of a resource, as <c>w:XmlFragment</c>. DSP0226, "Fragment-level WS-Transfer".</summary>
    public Task<string> GetFragmentAsync(string resourceUri, SelectorSet? selectors, FragmentTransfer fragment, CancellationToken cancellationToken = default) =>
        RoundTripAsync(
            Headers(Actions.Get, resourceUri, selectors) with { FragmentTransfer = fragment }, EmptyBody.Instance, body => body.HasElement ? body.ReadOuterXml() : "", cancellationToken);

    /// <summary>Changes a part of a resource; <paramref name="representation"/> and the answer are a <c>w:XmlFragment</c>.</summary>
    public Task<string> PutFragmentAsync(
        string resourceUri, SelectorSet? selectors, FragmentTransfer fragment, string representation, CancellationToken cancellationToken = default) =>
        RoundTripAsync(
            Headers(Actions.Put, resourceUri, selectors) with { FragmentTransfer = fragment }, Xml(representation), body => body.HasElement ? body.ReadOuterXml() : "", cancellationToken);

    /// <summary>Reads a CIM instance.</summary>
    public Task<CimInstance> GetInstanceAsync(string resourceUri, SelectorSet? selectors = null, CancellationToken cancellationToken = default) =>
        RoundTripAsync(Headers(Actions.Get, resourceUri, selectors), EmptyBody.Instance, NewReader().Read, cancellationToken);

    /// <summary>Changes a resource; the answer is its new representation, or empty when the service sends none.</summary>
    /// <param name="resourceUri">The class or kind.</param>
    /// <param name="selectors">The keys.</param>
    /// <param name="representation">One XML element.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<string> PutAsync(string resourceUri, SelectorSet? selectors, string representation, CancellationToken cancellationToken = default) =>
        RoundTripAsync(Headers(Actions.Put, resourceUri, selectors), Xml(representation), body => body.HasElement ? body.ReadOuterXml() : "", cancellationToken);

    /// <summary>Makes a resource, and answers its reference.</summary>
    public Task<EndpointReference> CreateAsync(string resourceUri, SelectorSet? selectors, string representation, CancellationToken cancellationToken = default) =>
        RoundTripAsync(Headers(Actions.Create, resourceUri, selectors), Xml(representation), body => ResourceCreated.Read(body).Reference, cancellationToken);

    /// <summary>Makes a resource, and answers its reference as it came.</summary>
    internal Task<string> CreateXmlAsync(string resourceUri, SelectorSet? selectors, string representation, CancellationToken cancellationToken) =>
        RoundTripAsync(Headers(Actions.Create, resourceUri, selectors), Xml(representation), body => body.ReadOuterXml(), cancellationToken);

    /// <summary>Removes a resource.</summary>
    public Task DeleteAsync(string resourceUri, SelectorSet? selectors = null, CancellationToken cancellationToken = default) =>
        RoundTripAsync(Headers(Actions.Delete, resourceUri, selectors), EmptyBody.Instance, _ => true, cancellationToken);

    /// <summary>
    /// Runs a method, named by itself or by the URI of its action: <paramref name="input"/> is its <c>…_INPUT</c> element, the answer its
    /// <c>…_OUTPUT</c> element.
    /// </summary>
    public Task<string> InvokeAsync(string method, string resourceUri, SelectorSet? selectors, string input, CancellationToken cancellationToken = default) =>
        RoundTripAsync(
            Headers(method.Contains(':', StringComparison.Ordinal) ? method : $"{resourceUri}/{method}", resourceUri, selectors), input.Length > 0 ? Xml(input) : EmptyBody.Instance, body => body.HasElement ? body.ReadOuterXml() : "", cancellationToken);

    /// <summary>Lists a resource's items as XML; the next batch is fetched while this one is used.</summary>
    public IAsyncEnumerable<string> EnumerateAsync(string resourceUri, EnumerationRequest? request = null, CancellationToken cancellationToken = default) =>
        EnumerateAsync(resourceUri, request, body => body.ReadOuterXml(), cancellationToken);

    /// <summary>Lists CIM instances; a WQL projection gives instances with the chosen properties alone.</summary>
    public IAsyncEnumerable<CimInstance> EnumerateInstancesAsync(string resourceUri, EnumerationRequest? request = null, CancellationToken cancellationToken = default) =>
        EnumerateAsync(resourceUri, request, NewReader(request).Read, cancellationToken);

    /// <summary>Asks a source for events.</summary>
    /// <param name="resourceUri">What the events are of.</param>
    /// <param name="subscribe">Which ones, and how they shall travel.</param>
    /// <param name="options">Switches of the source; null sends those of the connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<RemoteSubscription> SubscribeAsync(string resourceUri, Subscribe subscribe, OptionSet? options = null, CancellationToken cancellationToken = default) =>
        RemoteSubscription.OpenAsync(this, resourceUri, subscribe, options, cancellationToken);

    /// <summary>Opens a shell, in which commands run. Dispose it to close it on the service too.</summary>
    public Task<RemoteShell> OpenShellAsync(ShellSettings? settings = null, CancellationToken cancellationToken = default) =>
        RemoteShell.OpenAsync(this, settings ?? new ShellSettings(), cancellationToken);

    /// <summary>Takes over a shell of the same user that another client has left. Disposing it closes it.</summary>
    public Task<RemoteShell> ConnectShellAsync(string shellId, CancellationToken cancellationToken = default) =>
        RemoteShell.ConnectAsync(this, shellId, cancellationToken);

    /// <summary>Opens PowerShell on the service: a pool of runspaces, in which pipelines run. Dispose it to close it there too.</summary>
    public Task<RunspacePool> OpenRunspacePoolAsync(RunspacePoolSettings? settings = null, CancellationToken cancellationToken = default) =>
        RunspacePool.OpenAsync(this, settings ?? new RunspacePoolSettings(), cancellationToken);

    /// <summary>Takes over a pool of the same user that its client has left. Disposing it closes it.</summary>
    /// <param name="id">The pool's id, which is its shell's.</param>
    /// <param name="settings">As it was opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<RunspacePool> ConnectRunspacePoolAsync(Guid id, RunspacePoolSettings? settings = null, CancellationToken cancellationToken = default) =>
        RunspacePool.ConnectAsync(this, id, settings ?? new RunspacePoolSettings(), cancellationToken);

    /// <summary>Lists the open shells of the user.</summary>
    public IAsyncEnumerable<ShellInstance> EnumerateShellsAsync(CancellationToken cancellationToken = default) =>
        EnumerateAsync(ResourceUris.Shell, null, ShellInstance.Read, cancellationToken);

    /// <summary>The same connection and session, with other settings for the requests that go over it.</summary>
    internal WSManClient With(Func<WSManConnectionOptions, WSManConnectionOptions> change) => new(_channel, change(Options), _sessionId);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    internal MessageHeaders Headers(string action, string resourceUri, SelectorSet? selectors = null) => new()
    {
        To = Options.Address.ToString(),
        Action = action,
        MessageId = Uuid.Format(Guid.NewGuid()),
        ResourceUri = resourceUri,
        Selectors = selectors ?? SelectorSet.Empty,
        MaxEnvelopeSize = Options.MaxEnvelopeBytes,
        Options = Options.RequestOptions,
        OperationTimeout = Options.OperationTimeout,
        Locale = Options.Locale,
        DataLocale = Options.DataLocale ?? Options.Locale,
        MachineId = Options.MachineId,
        SessionId = _sessionId,
    };

    /// <summary>Sends a request and answers its reply, or throws its fault. That the service lives, or has heard of the request before, is no reply.</summary>
    internal async Task<ReceivedReply> SendAsync(Request request, CancellationToken cancellationToken)
    {
        await foreach (var reply in _channel.SendAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (ControlMessages.IsFromService(reply.Headers.Action))
            {
                reply.Dispose();
                continue;
            }

            if (reply.Fault is { } fault)
            {
                reply.Dispose();
                throw new WSManFaultException(fault);
            }

            return reply;
        }

        throw new WSManTransportException(
            TransportFailure.NotSoap, $"{Options.Address} answered with an empty message.", "Check that address and port are those of a WinRM service.");
    }

    /// <summary>Sends a message that has no answer.</summary>
    internal async Task TellAsync(Request request, CancellationToken cancellationToken)
    {
        await foreach (var reply in _channel.SendAsync(request, cancellationToken).ConfigureAwait(false))
        {
            reply.Dispose(); // of a service that does not know it: a fault
        }
    }

    internal IAsyncEnumerable<T> EnumerateAsync<T>(string resourceUri, EnumerationRequest? request, Func<BodyReader, T> read, CancellationToken cancellationToken) =>
        new RemoteEnumeration<T>(this, resourceUri, request ?? new EnumerationRequest(), read).RunAsync(cancellationToken);

    private async Task<T> RoundTripAsync<T>(MessageHeaders headers, IBody body, Func<BodyReader, T> read, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(new Request(headers, body), cancellationToken).ConfigureAwait(false);
        return read(reply.Body);
    }

    private static XmlBody Xml(string element) => new(Encoding.UTF8.GetBytes(element));

    private static InstanceReader NewReader(EnumerationRequest? request = null) =>
        new(CimSchema.CimV2.Find, request?.Filter is { } filter && filter.IsDialect(Dialects.Wql) ? WqlQuery.ClassOf(filter.Text) : null);
}
