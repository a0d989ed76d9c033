using Farwire.Events.Queries;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Ec;

/// <summary>A handle to a subscription: a copy that is changed here, and stored when it is saved. Closing it without that changes nothing.</summary>
/// <remarks>Windows Event Collector, "EcGetSubscriptionProperty", "EcSetSubscriptionProperty", "EcSaveSubscription", "EcClose".</remarks>
public sealed class EcSubscription : IDisposable
{
    private readonly EcCollector _collector;
    private readonly EcAccess _access;
    private SubscriptionDefinition _definition;
    private EcObjectArray _sources;
    private bool _isNew;
    private bool _isClosed;

    internal EcSubscription(EcCollector collector, SubscriptionDefinition definition, bool isNew, EcAccess access)
    {
        (_collector, _definition, _isNew, _access) = (collector, definition, isNew, access);
        _sources = new EcObjectArray(this, definition.EventSources);
    }

    /// <summary>Its name.</summary>
    public string Name => _definition.Id;

    /// <summary>Reads a property. EcGetSubscriptionProperty.</summary>
    /// <exception cref="EcException">The handle is not for reading or closed, or the property is one of a source.</exception>
    public EcVariant this[EcPropertyId property]
    {
        get
        {
            Need(EcAccess.Read);
            return property == EcPropertyId.EventSources ? EcVariant.Of(_sources) : (Find(property).Get ?? throw Unknown(property))(_definition);
        }

        set
        {
            Need(EcAccess.Write);
            if (property == EcPropertyId.EventSources)
            {
                // Windows has it begun with an empty array; whoever has one already may hand it back.
                _sources = value.Type == EcVariantType.Null ? new EcObjectArray(this, []) : value.AsObjectArray();
                return;
            }

            _definition = Find(property).Set(_definition, value);
        }
    }

    /// <summary>Stores it. EcSaveSubscription.</summary>
    /// <exception cref="EcException">The handle is not for writing or closed, or the collector refuses what it would store.</exception>
    public async Task SaveAsync(CancellationToken cancellationToken = default)
    {
        Need(EcAccess.Write);
        var whole = _definition with { EventSources = _sources.Sources };
        if (whole.EventSources.Any(source => source.Address.Length == 0))
        {
            throw new EcException(EcException.InvalidParameter, "A source has no address.");
        }

        await _collector.SaveAsync(whole, _isNew, cancellationToken).ConfigureAwait(false);
        _isNew = false;
    }

    /// <summary>EcClose.</summary>
    public void Dispose() => _isClosed = true;

    internal void Need(EcAccess access)
    {
        if (_isClosed)
        {
            throw new EcException(EcException.InvalidHandle, $"The handle to '{Name}' was closed.");
        }

        if ((_access & access) != access)
        {
            throw new EcException(EcException.AccessDenied, $"The handle to '{Name}' was not opened for {access}.");
        }
    }

    internal static EcException Unknown(EcPropertyId property) => new(EcException.InvalidParameter, $"{property} is no property here.");

    private static Property Find(EcPropertyId property) => Properties.GetValueOrDefault(property) ?? throw Unknown(property);

    private sealed record Property(Func<SubscriptionDefinition, EcVariant>? Get, Func<SubscriptionDefinition, EcVariant, SubscriptionDefinition> Set);

    private static readonly Dictionary<EcPropertyId, Property> Properties = new()
    {
        [EcPropertyId.Enabled] = new(s => EcVariant.Of(s.Enabled), (s, v) => s with { Enabled = v.AsBoolean() }),
        [EcPropertyId.Description] = new(s => EcVariant.Of(s.Description), (s, v) => s with { Description = v.AsString() ?? "" }),
        [EcPropertyId.Uri] = new(s => EcVariant.Of(s.Uri), (s, v) => s with { Uri = Text(v) }),
        [EcPropertyId.ConfigurationMode] = new(s => EcVariant.Of((uint)s.ConfigurationMode), (s, v) => s with { ConfigurationMode = Choice<ConfigurationMode>(v) }),
        [EcPropertyId.Expires] = new(s => EcVariant.Of(s.Expires), (s, v) => s with { Expires = v.AsDateTime() }),
        [EcPropertyId.Query] = new(s => EcVariant.Of(s.Query), (s, v) => s with { Query = Query(Text(v)) }),
        [EcPropertyId.TransportName] = new(s => EcVariant.Of(s.TransportName), (s, v) => s with { TransportName = Transport(Text(v)) }),
        [EcPropertyId.TransportPort] = new(s => EcVariant.Of((uint)s.EffectivePort), (s, v) => s with { TransportPort = (int)v.AsUInt32() }),
        [EcPropertyId.DeliveryMode] = new(s => EcVariant.Of((uint)DeliverySettings.Of(s).Mode), (s, v) => s with { DeliveryMode = Choice<DeliveryMode>(v) }),
        [EcPropertyId.DeliveryMaxItems] = new(s => DeliverySettings.Of(s).MaxItems is { } items ? EcVariant.Of((uint)items) : EcVariant.Null, (s, v) => s with { MaxItems = (int)v.AsUInt32() }),
        [EcPropertyId.DeliveryMaxLatencyTime] = new(s => Milliseconds(DeliverySettings.Of(s).MaxLatency), (s, v) => s with { MaxLatency = TimeSpan.FromMilliseconds(v.AsUInt32()) }),
        [EcPropertyId.HeartbeatInterval] = new(s => Milliseconds(DeliverySettings.Of(s).Heartbeat), (s, v) => s with { HeartbeatInterval = TimeSpan.FromMilliseconds(v.AsUInt32()) }),
        [EcPropertyId.Locale] = new(s => EcVariant.Of(s.Locale ?? "en-US"), (s, v) => s with { Locale = v.AsString() }),
        [EcPropertyId.ContentFormat] = new(s => EcVariant.Of((uint)s.ContentFormat), (s, v) => s with { ContentFormat = Choice<ContentFormat>(v) }),
        [EcPropertyId.LogFile] = new(s => EcVariant.Of(s.LogFile), (s, v) => s with { LogFile = Text(v) }),
        [EcPropertyId.PublisherName] = new(s => EcVariant.Of(s.PublisherName), (s, v) => s with { PublisherName = Text(v) }),
        [EcPropertyId.CredentialsType] = new(s => EcVariant.Of((uint)s.CredentialsType), (s, v) => s with { CredentialsType = Choice<CredentialsType>(v) }),
        [EcPropertyId.CommonUserName] = new(s => EcVariant.Of(s.CommonUserName), (s, v) => s with { CommonUserName = v.AsString() }),
        [EcPropertyId.CommonPassword] = new(_ => EcVariant.Null, (s, v) => s with { CommonPassword = v.AsString() }),
        [EcPropertyId.HostName] = new(s => EcVariant.Of(s.HostName), (s, v) => s with { HostName = v.AsString() }),
        [EcPropertyId.ReadExistingEvents] = new(s => EcVariant.Of(s.ReadExistingEvents), (s, v) => s with { ReadExistingEvents = v.AsBoolean() }),
        [EcPropertyId.Dialect] = new(s => EcVariant.Of(s.Dialect), (s, v) => s with { Dialect = Text(v) }),
        [EcPropertyId.Type] = new(s => EcVariant.Of((uint)s.Type), (s, v) => s with { Type = Choice<SubscriptionType>(v) }),
        [EcPropertyId.AllowedIssuerCAs] = new(s => EcVariant.Of(s.AllowedIssuerCAs), (s, v) => s with { AllowedIssuerCAs = v.AsStrings() }),
        [EcPropertyId.AllowedSubjects] = new(s => EcVariant.Of(s.AllowedSubjects), (s, v) => s with { AllowedSubjects = v.AsStrings() }),
        [EcPropertyId.DeniedSubjects] = new(s => EcVariant.Of(s.DeniedSubjects), (s, v) => s with { DeniedSubjects = v.AsStrings() }),
        [EcPropertyId.AllowedSourceDomainComputers] = new(s => EcVariant.Of(s.EffectiveSourceSddl), (s, v) => s with { AllowedSourceDomainComputers = v.AsString() }),
    };

    private static EcVariant Milliseconds(TimeSpan time) => EcVariant.Of((uint)Math.Min(time.TotalMilliseconds, uint.MaxValue));

    private static string Text(EcVariant value) => value.AsString() ?? throw new EcException(EcException.InvalidData, "Text is needed here.");

    private static string Transport(string text) =>
        text.Equals("http", StringComparison.OrdinalIgnoreCase) || text.Equals("https", StringComparison.OrdinalIgnoreCase)
            ? text
            : throw new EcException(EcException.InvalidParameter, $"A transport is http or https, not '{text}'.");

    private static string Query(string text)
    {
        try
        {
            return EventQuery.Parse(text).Xml;
        }
        catch (EventQueryException e)
        {
            throw new EcException(EcException.InvalidParameter, e.Message, e);
        }
    }

    private static T Choice<T>(EcVariant value)
        where T : struct, Enum
    {
        var choice = (T)Enum.ToObject(typeof(T), value.AsUInt32());
        return Enum.IsDefined(choice) ? choice : throw new EcException(EcException.InvalidParameter, $"{value} is no {typeof(T).Name}.");
    }
}
