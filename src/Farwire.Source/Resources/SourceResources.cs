using Farwire.Events;
using Farwire.Protocol.Names;
using Farwire.Service.Resources;
using Farwire.Source.Access;
using Farwire.Source.Channels;

namespace Farwire.Source.Resources;

/// <summary>What a service offers of the channels of its machine.</summary>
public static class SourceResources
{
    /// <summary>Adds the event log, for collectors that subscribe by themselves and for people who query, and the list of channels.</summary>
    public static ResourceCatalog AddEventLog(this ResourceCatalog catalog, ILocalChannels channels, ChannelAccess access) => catalog
        .Add(ResourceUris.EventLog, new EventLogResource(channels, access))
        .Add(SourceUris.Channel, new ChannelResource(channels, access));
}
