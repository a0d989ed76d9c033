using System.Text;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Resources;
using Farwire.Source.Channels;

namespace Farwire.Source.Resources;

/// <summary>The events of a subscription, as they come.</summary>
internal sealed class EventLogCursor(IEventReader reader) : IEventCursor
{
    private SourceEvent? _current;

    public string? Bookmark => reader.Position is { Channels.Count: > 0 } position ? position.ToXml() : null;

    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while ((_current = await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) is null)
        {
            await reader.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    public void WriteObject(XmlUtf8Writer xml) => xml.RawContent(Encoding.UTF8.GetBytes(_current!.Xml));

    public void WriteReference(XmlUtf8Writer xml) => throw FaultCatalog.EnumerationModeUnsupported.Fault("events have no references.");

    public ValueTask DisposeAsync() => reader.DisposeAsync();
}
