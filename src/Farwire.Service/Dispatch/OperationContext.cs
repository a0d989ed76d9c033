using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Transfer;
using Farwire.Service.Access;

namespace Farwire.Service.Dispatch;

/// <summary>One request on its way through a resource: who asks what, until when, and how much the answer may hold.</summary>
public sealed class OperationContext : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationToken _clientGone;
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _clientGoneRegistration;

    internal OperationContext(
        Caller caller, MessageHeaders headers, AccessPolicy access, TimeSpan timeout, int maxEnvelopeBytes, TimeProvider time, CancellationToken clientGone)
    {
        Access = access;
        Caller = caller;
        Headers = headers;
        Timeout = timeout;
        MaxEnvelopeBytes = maxEnvelopeBytes;
        _time = time;
        _clientGone = clientGone;
        Started = time.GetTimestamp();
    }

    /// <summary>Who asks.</summary>
    public Caller Caller { get; }

    /// <summary>Who may do what, for a resource that has finer rules than its URI's.</summary>
    public AccessPolicy Access { get; }

    /// <summary>All that the message says before its body.</summary>
    public MessageHeaders Headers { get; }

    /// <summary>What follows the service's own path in the address; usually nothing.</summary>
    public string Path { get; internal init; } = "";

    /// <summary>The class or kind of resource, as the client wrote it.</summary>
    public string ResourceUri => Headers.ResourceUri!;

    /// <summary>The keys of the instance.</summary>
    public SelectorSet Selectors => Headers.Selectors;

    /// <summary>The switches of the request.</summary>
    public OptionSet Options => Headers.Options;

    /// <summary>The language for texts, or null.</summary>
    public string? Locale => Headers.Locale;

    /// <summary>How long the operation may take in all.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>What is left of <see cref="Timeout"/>; never negative.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            var left = Timeout - _time.GetElapsedTime(Started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Bytes that the answer's envelope may have.</summary>
    public int MaxEnvelopeBytes { get; }

    /// <summary>
    /// Ends when the time is over, the client is gone or the service stops. Made at first use: an operation that does not wait does not pay for
    /// it. Whoever waits must observe it.
    /// </summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (_cancellation is null)
            {
                var deadline = new CancellationTokenSource(TimeLeft, _time);
                _clientGoneRegistration = _clientGone.UnsafeRegister(static source => Cancel((CancellationTokenSource)source!), deadline);
                _cancellation = deadline;
            }

            return _cancellation.Token;
        }
    }

    /// <summary>The client is gone or the service stops: nobody will read the answer.</summary>
    public CancellationToken ClientGone => _clientGone;

    /// <summary>Shells that the caller may have at once, where the host has a say in it; 0 is no limit.</summary>
    public int MaxShells { get; internal set; }

    /// <summary>The host lets the caller do everything.</summary>
    internal bool IsAdministrator { get; set; }

    internal long Started { get; }

    /// <summary>The answer to a Create: the reference of an instance of this resource, at the address the client called.</summary>
    /// <remarks>DSP0226, "Create". Windows echoes the client's <c>a:To</c>.</remarks>
    public ResourceCreated Reference(SelectorSet selectors, string? resourceUri = null) => new(new EndpointReference
    {
        Address = Headers.To ?? EndpointReference.Anonymous,
        ResourceUri = resourceUri ?? ResourceUri,
        Selectors = selectors,
    });

    /// <summary>The value of the selector <paramref name="name"/>, or the fault for its absence.</summary>
    public string RequireSelector(string name) => Selectors[name]
        ?? throw FaultCatalog.InsufficientSelectors.Fault($"the request needs the selector '{name}'.");

    /// <summary>Faults unless the caller has all of <paramref name="rights"/> in the CIM namespace <paramref name="ns"/>.</summary>
    public void RequireNamespace(string ns, NamespaceRights rights)
    {
        if (!Access.NamespaceSecurity.Grants(Access.TokenOf(Caller), ns, rights))
        {
            throw FaultCatalog.AccessDenied.Fault($"'{Caller.Name}' lacks {rights} in the namespace '{ns}'; an administrator can grant it in the namespace's security descriptor.");
        }
    }

    /// <summary>A time that ends after <paramref name="limit"/> or with <see cref="Cancellation"/>, whichever is first.</summary>
    internal ShorterTime LimitedTo(TimeSpan limit) => new(limit, _time, Cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The client's token may live much longer than this request.
        _clientGoneRegistration.Unregister();
        _cancellation?.Dispose();
    }

    /// <summary>A part of the operation's time, with its timer.</summary>
    internal sealed class ShorterTime : IDisposable
    {
        private readonly CancellationTokenSource _source;
        private readonly CancellationTokenRegistration _whole;

        public ShorterTime(TimeSpan limit, TimeProvider time, CancellationToken whole)
        {
            _source = new CancellationTokenSource(limit, time);
            _whole = whole.UnsafeRegister(static source => Cancel((CancellationTokenSource)source!), _source);
        }

        public CancellationToken Token => _source.Token;

        public void Dispose()
        {
            _whole.Unregister();
            _source.Dispose();
        }
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The operation ended in the same moment.
        }
    }
}
