using Farwire.Events;
using Farwire.Protocol.Names;
using Farwire.Service.Resources;
using Farwire.Source.Access;
using Farwire.Source.Channels;
using Farwire.Source.Forwarding;

namespace Farwire.Source.Resources;

/// <summary>What a service offers of the channels of its machine.</summary>
public static class SourceResources
{
    /// <summary>Adds the event log, for collectors that subscribe by themselves and for people who query, and the list of channels.</summary>
    public static ResourceCatalog AddEventLog(this ResourceCatalog catalog, ILocalChannels channels, ChannelAccess access) => catalog
        .Add(ResourceUris.EventLog, new EventLogResource(channels, access))
        .Add(SourceUris.Channel, new ChannelResource(channels, access));

    /// <summary>Adds how forwarding stands.</summary>
    /// <param name="catalog">The service's resources.</param>
    /// <param name="standing">The collectors.</param>
    /// <param name="invalid">Policy lines that are none.</param>
    public static ResourceCatalog AddForwarding(
        this ResourceCatalog catalog, Func<IReadOnlyList<CollectorStanding>> standing, Func<IReadOnlyList<(string Line, string Reason)>> invalid) =>
        catalog.Add(SourceUris.Forwarding, new ForwardingResource(standing, invalid));
}
