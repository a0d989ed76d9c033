using System.Buffers;
using System.Diagnostics;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Identify;
using Farwire.Protocol.Names;
using Farwire.Protocol.Robust;
using Farwire.Protocol.Xml;
using Farwire.Service.Access;
using Farwire.Service.Diagnostics;
using Farwire.Service.Enumeration;
using Farwire.Service.Resources;
using Farwire.Service.Robust;
using Farwire.Service.Roles;
using Farwire.Service.Subscriptions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Service.Dispatch;

/// <summary>Takes one envelope, finds the resource it is for, and answers with one envelope. The only place where failure becomes a fault.</summary>
/// <remarks>
/// A request passes: 1. the envelope and its mustUnderstand headers, 2. Identify, which needs no rights, and what is another process's, 3. the caller's quota, 4. the
/// caller's rights, 5. the catalog of resources, 6. options that must be complied with, 7. the operation itself, 8. the answer, never larger than the
/// client allows. A request with an operation id passes 3 to 8 once only, apart from its connection.
/// </remarks>
public sealed class Dispatcher : IAsyncDisposable
{
    private volatile ServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OperationQuota _quota;
    private readonly EnumerationTable _enumerations;
    private readonly SubscriptionTable _subscriptions;
    private readonly RobustOperations _robust;
    private readonly RobustExchange _exchange;
    private readonly Operations _operations;
    private readonly ResourceCatalog _catalog;
    private EnvelopeQuota _envelopeQuota;
    private EnvelopeQuota _deliveryQuota;
    private volatile byte[] _identity;
    private readonly byte[] _maskedIdentity;

    /// <summary>Serves the resources of <paramref name="catalog"/>.</summary>
    /// <param name="catalog">The resources.</param>
    /// <param name="options">The limits and the name plate.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to tell.</param>
    /// <param name="deliveries">The ways to subscribers; null pushes no events, and they can be pulled only.</param>
    public Dispatcher(ResourceCatalog catalog, ServiceOptions? options = null, TimeProvider? time = null, ILogger<Dispatcher>? logger = null, IDeliveryChannels? deliveries = null)
    {
        _options = options ?? new ServiceOptions();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<Dispatcher>.Instance;
        _quota = new OperationQuota();
        _enumerations = new EnumerationTable(_options, _time, _logger);
        _robust = new RobustOperations(_options, _time);
        _exchange = new RobustExchange(_robust, _time, reply => Encode(reply, _options.MaxEnvelopeBytes), Fault);
        _subscriptions = new SubscriptionTable(() => _options, deliveries, _time, _logger);
        var subscribing = new SubscriptionOperations(_subscriptions, _enumerations, () => _options, deliveries, _time, _logger);
        _catalog = catalog;
        _operations = new Operations(catalog, _enumerations, subscribing, () => _options);
        _envelopeQuota = new EnvelopeQuota { MaxBytes = _options.MaxEnvelopeBytes };
        _deliveryQuota = new EnvelopeQuota { MaxBytes = _options.MaxDeliveryBytes };
        Meter = new ServiceMeter(() => RunningOperations, () => OpenEnumerations);
        _identity = Identity(_options);
        _maskedIdentity = Render(new IdentifyResponse(_options.ProductVendor, ServiceOptions.MaskedProductVersion));
    }

    /// <summary>Enumerations that are open now.</summary>
    public int OpenEnumerations => _enumerations.Count;

    /// <summary>Subscriptions that stand now.</summary>
    public int Subscriptions => _subscriptions.Count;

    /// <summary>Operations with an id that run, or whose answer is kept for a client that might ask again.</summary>
    public int RobustOperations => _robust.Count;

    /// <summary>Requests that are under way now.</summary>
    public int RunningOperations => _quota.Running;

    /// <summary>What the service counts and times.</summary>
    public ServiceMeter Meter { get; }

    /// <summary>The limits in force. A request that is under way keeps those it began with where it has asked for them.</summary>
    public ServiceOptions Options
    {
        get => _options;
        set
        {
            _envelopeQuota = new EnvelopeQuota { MaxBytes = value.MaxEnvelopeBytes };
            _deliveryQuota = new EnvelopeQuota { MaxBytes = value.MaxDeliveryBytes };
            _identity = Identity(value);
            _options = value;
        }
    }

    private static byte[] Identity(ServiceOptions options) => Render(new IdentifyResponse(options.ProductVendor, options.ProductVersion) { SecurityProfiles = options.SecurityProfiles });

    /// <summary>Serves one request. Throws only <see cref="OperationCanceledException"/>, when nobody waits for the answer any more, and <see cref="ServiceBusyException"/>.</summary>
    /// <param name="utf8">The envelope; must stay untouched until the task has ended.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="clientGone">Ends when the answer cannot be delivered any more.</param>
    /// <param name="path">What follows the service's own path in the address, such as <c>subscriptions/5A0…</c>; usually nothing.</param>
    public ValueTask<EncodedReply> ProcessAsync(ReadOnlyMemory<byte> utf8, Caller caller, CancellationToken clientGone, string path = "")
    {
        ReceivedRequest request;
        try
        {
            var quota = path.Length == 0 ? _envelopeQuota : _deliveryQuota;
            if (utf8.Length > quota.MaxBytes)
            {
                throw FaultCatalog.ServiceEnvelopeLimit.Fault($"the message has {utf8.Length} bytes; the service takes {quota.MaxBytes}.");
            }

            request = EnvelopeReader.ReadRequest(utf8, quota); // 1
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var refusal = Fault(e, new MessageHeaders());
            Meter.Ended(null, Stopwatch.GetTimestamp(), refusal.FaultCode);
            return ValueTask.FromResult(refusal);
        }

        if (request.IsIdentify) // 2
        {
            request.Body.Dispose();
            return ValueTask.FromResult(new EncodedReply(caller.IsAuthenticated ? _identity : _maskedIdentity));
        }

        // Another process serves it whole: who may do what is decided there.
        if (_catalog.RoleOf(request.Headers.ResourceUri ?? "", path) is { } role)
        {
            request.Body.Xml.Dispose();
            return ForwardAsync(role, request.Headers, utf8, caller, path, clientGone);
        }

        if (ControlMessages.IsFromClient(request.Headers.Action))
        {
            using (request.Body)
            {
                return ValueTask.FromResult(caller.IsAuthenticated ? _exchange.Hear(request, caller) : EncodedReply.None);
            }
        }

        // Deliveries are repeated by their senders until they are acknowledged, and told apart by bookmarks: no answer is kept for them.
        if (request.Headers.OperationId is not null && caller.IsAuthenticated && path.Length == 0)
        {
            return OperateRobustlyAsync(request, utf8, caller, clientGone);
        }

        _robust.Follow(caller);
        return OperateAsync(request, caller, path, clientGone);
    }

    /// <summary>Answers a message that could not even be read as one, such as an envelope in an unknown character set.</summary>
    public EncodedReply Refuse(WSManFaultException fault) => Fault(fault, new MessageHeaders());

    /// <summary>Ends operations that have lost their client and subscriptions, whose subscribers are told, and closes every open enumeration.</summary>
    public async ValueTask DisposeAsync()
    {
        Meter.Dispose();
        _robust.Dispose();
        await _subscriptions.DisposeAsync().ConfigureAwait(false);
        await _enumerations.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask<EncodedReply> ForwardAsync(IRole role, MessageHeaders headers, ReadOnlyMemory<byte> utf8, Caller caller, string path, CancellationToken clientGone)
    {
        caller = caller.For(headers.ResourceUri ?? "");
        return caller.IsAuthenticated
            ? role.ForwardAsync(utf8, caller, path, clientGone)
            : ValueTask.FromResult(Fault(FaultCatalog.AccessDenied.Fault("the caller is not authenticated."), headers));
    }

    private ValueTask<EncodedReply> OperateRobustlyAsync(ReceivedRequest request, ReadOnlyMemory<byte> utf8, Caller caller, CancellationToken clientGone)
    {
        request.Body.Dispose(); // its bytes belong to the connection; the operation may outlive it
        return _exchange.AnswerAsync(request.Headers, caller, TimeoutOf(request.Headers), RunAsync, clientGone);

        ValueTask<EncodedReply> RunAsync(CancellationToken abandoned)
        {
            var own = ArrayPool<byte>.Shared.Rent(utf8.Length);
            utf8.CopyTo(own);
            return OperateOnAsync(own, utf8.Length, caller, abandoned);
        }
    }

    private async ValueTask<EncodedReply> OperateOnAsync(byte[] own, int length, Caller caller, CancellationToken abandoned)
    {
        try
        {
            var request = EnvelopeReader.ReadRequest(own.AsMemory(0, length), _envelopeQuota);
            return await OperateAsync(request, caller, path: "", abandoned).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(own);
        }
    }

    private ValueTask<EncodedReply> OperateAsync(ReceivedRequest request, Caller caller, string path, CancellationToken clientGone) =>
        Meter.TimesRequests || ServiceMeter.Activities.HasListeners()
            ? OperateWatchedAsync(request, caller, path, clientGone)
            : OperateUnwatchedAsync(request, caller, path, clientGone);

    private async ValueTask<EncodedReply> OperateWatchedAsync(ReceivedRequest request, Caller caller, string path, CancellationToken clientGone)
    {
        var headers = request.Headers;
        using var activity = ServiceMeter.Activities.StartActivity(ServiceMeter.OperationOf(headers.Action), ActivityKind.Server);
        activity?.SetTag("wsman.action", headers.Action).SetTag("wsman.resource_uri", headers.ResourceUri).SetTag("wsman.message_id", headers.MessageId);
        activity?.SetTag("enduser.id", caller.Name).SetTag("client.address", caller.Address);
        var started = Stopwatch.GetTimestamp();
        var reply = await OperateUnwatchedAsync(request, caller, path, clientGone).ConfigureAwait(false);
        Meter.Ended(headers.Action, started, reply.FaultCode);
        activity?.SetStatus(reply.IsFault ? ActivityStatusCode.Error : ActivityStatusCode.Ok).SetTag("wsman.fault_code", reply.FaultCode);
        return reply;
    }

    private async ValueTask<EncodedReply> OperateUnwatchedAsync(ReceivedRequest request, Caller caller, string path, CancellationToken clientGone)
    {
        var headers = request.Headers;
        caller = caller.For(headers.ResourceUri ?? "");
        var entered = false;
        using var context = new OperationContext(caller, headers, _options.Access, TimeoutOf(headers), EnvelopeLimitOf(headers), _time, clientGone) { Path = path };
        try
        {
            if (!caller.IsAuthenticated)
            {
                throw FaultCatalog.AccessDenied.Fault("the caller is not authenticated.");
            }

            // Deliveries wait for the disk by the thousand, and cost nothing while they do; the connections they come on are their limit.
            if (path.Length == 0)
            {
                _quota.Enter(caller.Name, _options); // 3
                entered = true;
            }

            using var admitted = _options.Gate is { } gate ? await gate.EnterAsync(context).ConfigureAwait(false) : null;
            Authorize(context); // 4
            if (_operations.IsDelivery(context))
            {
                await _operations.DeliverAsync(context, request.Body).ConfigureAwait(false);
                return headers.AckRequested ? Encode(Acknowledgement(headers), context.MaxEnvelopeBytes) : EncodedReply.None;
            }

            var body = await _operations.RunAsync(context, request.Body).ConfigureAwait(false); // 5 6 7
            return Encode(ReplyTo(context, body), context.MaxEnvelopeBytes); // 8
        }
        catch (OperationCanceledException) when (clientGone.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return Fault(FaultCatalog.OperationTimedOut.Fault(), headers);
        }
        catch (Exception e) when (e is not ServiceBusyException)
        {
            return Fault(e, headers);
        }
        finally
        {
            request.Body.Dispose();
            if (entered)
            {
                _quota.Leave(caller.Name);
            }
        }
    }

    // A message without a resource is refused as such later. Pulls and releases go by their context, which belongs to whoever was let in to open it.
    private void Authorize(OperationContext context)
    {
        if (context.Headers is not { Action: { } action, ResourceUri: { Length: > 0 } resourceUri })
        {
            return;
        }

        var (granted, audited) = context.Access.Decide(context.Caller, action, resourceUri);
        if (audited)
        {
            Log.Audited(_logger, context.Caller.Name, context.Caller.Address, action, resourceUri, granted ? "granted" : "refused");
        }

        if (!granted && !context.IsAdministrator)
        {
            throw FaultCatalog.AccessDenied.Fault(
                $"'{context.Caller.Name}' may not do this here. An administrator can add the account to the group '{WellKnownGroup.RemoteManagementGroup}' or change RootSDDL.");
        }
    }

    private TimeSpan TimeoutOf(MessageHeaders headers)
    {
        if (headers.OperationTimeout is not { } wanted)
        {
            return _options.MaxTimeout;
        }

        // MaxTimeoutms caps every operation but Pull, where a client may wait for items as long as it likes, unless the host says otherwise.
        return wanted < _options.MaxTimeout || (headers.Action == Actions.Pull && !_options.CapsPull) ? Capped(wanted) : _options.MaxTimeout;
    }

    // A timer takes no more than this; nothing waits so long anyway.
    private static TimeSpan Capped(TimeSpan wanted) => wanted < TimeSpan.FromDays(1) ? wanted : TimeSpan.FromDays(1);

    private int EnvelopeLimitOf(MessageHeaders headers) =>
        headers.MaxEnvelopeSize is { } size && size < _options.MaxEnvelopeBytes ? (int)size : _options.MaxEnvelopeBytes;

    private static Reply ReplyTo(OperationContext context, IBody body) => new(
        new MessageHeaders
        {
            Action = Operations.ResponseAction(context.Headers.Action!),
            MessageId = Uuid.Format(Guid.NewGuid()),
            RelatesTo = context.Headers.MessageId,
            OperationId = context.Headers.OperationId,
            SequenceId = context.Headers.OperationId is null ? null : 1,
            FragmentTransfer = context.Headers.FragmentTransfer,
            TotalItemsCountEstimate = context.Headers.RequestTotalItemsCountEstimate ? (body as ICountedBody)?.TotalItems : null,
            Bookmark = (body as ICountedBody)?.Bookmark,
        },
        body);

    // Without the operation's id: who echoes it promises to keep the answer for a sender that lost it.
    private static Reply Acknowledgement(MessageHeaders headers) => new(
        new MessageHeaders { Action = Actions.Ack, MessageId = Uuid.Format(Guid.NewGuid()), RelatesTo = headers.MessageId }, EmptyBody.Instance);

    private static EncodedReply Encode(Reply reply, int limit)
    {
        var xml = new XmlUtf8Writer(limit);
        try
        {
            EnvelopeWriter.Write(xml, reply);
            return new EncodedReply(xml, reply.IsFault, (reply.Body as WSManFault)?.Code ?? 0);
        }
        catch
        {
            xml.Dispose();
            throw;
        }
    }

    private EncodedReply Fault(Exception exception, MessageHeaders headers)
    {
        if (exception is not WSManFaultException known)
        {
            if (exception is System.Xml.XmlException xml)
            {
                known = new WSManFaultException(EnvelopeReader.NotXml(xml)); // the peer's fault, met while a resource read the body
            }
            else
            {
                // What went wrong inside is for the log, not for the peer.
                Log.Unexpected(_logger, headers.Action, headers.ResourceUri, exception);
                known = FaultCatalog.InternalError.Fault("the log of the service has the details.");
            }
        }

        var fault = known.Fault.In(headers.Locale);
        if (fault.Machine.Length == 0)
        {
            fault = fault with { Machine = _options.MachineName };
        }

        return Encode(
            new Reply(
                new MessageHeaders
                {
                    Action = fault.Action,
                    MessageId = Uuid.Format(Guid.NewGuid()),
                    RelatesTo = headers.MessageId ?? known.RelatesTo,
                    OperationId = headers.OperationId,
                    SequenceId = headers.OperationId is null ? null : 1,
                },
                fault),
            _options.MaxEnvelopeBytes);
    }

    private static byte[] Render(IdentifyResponse identity)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Reply(new MessageHeaders(), identity));
        return xml.Written.ToArray();
    }
}
