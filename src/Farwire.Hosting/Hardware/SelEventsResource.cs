using System.Globalization;
using System.Security;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Providers.Hardware.Bmc;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Hosting.Hardware;

/// <summary>The event logs of the controllers as a source of events, in the channel HardwareEvents.</summary>
/// <remarks>WinRM documentation, "Events": the subscription <c>WSManSelRg</c> asks for it.</remarks>
internal sealed class SelEventsResource(Controllers controllers, TimeProvider time) : ISubscribeResource
{
    public const string Uri = ResourceUris.Microsoft + "/logrecord/sel";
    public const string Channel = "HardwareEvents";

    public bool AcceptsOption(string name) => true; // those of event logs: texts, CDATA

    public async ValueTask<IEnumerationCursor> SubscribeAsync(OperationContext context, Subscribe request)
    {
        var query = request.Filter is { } filter ? QueryOf(filter.Xml ?? filter.Text) : null;
        var cursor = new SelEventCursor(new LogFollower(controllers, SelBookmark.Read(request.Bookmark), request.Bookmark == BookmarkList.Earliest), query, time);
        await cursor.BeginAsync(context.Cancellation).ConfigureAwait(false);
        return cursor;
    }

    private static EventQuery? QueryOf(string xml)
    {
        try
        {
            return string.IsNullOrWhiteSpace(xml) ? null : EventQuery.Parse(xml);
        }
        catch (EventQueryException e)
        {
            throw FaultCatalog.CannotProcessFilter.Fault($"the query is not understood: {e.Message}");
        }
    }
}

/// <summary>Where each controller's log was read to: <c>BookmarkList</c> with one <c>Bookmark</c> for each machine.</summary>
internal static class SelBookmark
{
    private const int MaxCharacters = 256 * 1024;

    public static Dictionary<string, string> Read(string? bookmark)
    {
        if (bookmark is null or BookmarkList.Earliest or { Length: > MaxCharacters })
        {
            return [];
        }

        try
        {
            var marks = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var one in XElement.Parse(bookmark).DescendantsAndSelf("Bookmark"))
            {
                if (one.Attribute("System") is { } system && one.Attribute("Mark") is { } mark && SelFollower.IsMark(mark.Value))
                {
                    marks[system.Value] = mark.Value;
                }
            }

            return marks;
        }
        catch (XmlException)
        {
            return []; // of another resource: it begins with what comes next
        }
    }

    public static string Write(IReadOnlyDictionary<string, string> marks, string current, int recordId)
    {
        var xml = new StringBuilder("<BookmarkList>");
        foreach (var (system, mark) in marks.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            var isCurrent = system.Equals(current, StringComparison.OrdinalIgnoreCase);
            xml.Append(CultureInfo.InvariantCulture, $"<Bookmark Channel=\"{SelEventsResource.Channel}\" RecordId=\"{(isCurrent ? recordId : 0)}\" System=\"{SecurityElement.Escape(system)}\" Mark=\"{mark}\"");
            xml.Append(isCurrent ? " IsCurrent=\"true\"/>" : "/>");
        }

        return xml.Append("</BookmarkList>").ToString();
    }
}

/// <summary>What comes to the logs, as events.</summary>
internal sealed class SelEventCursor(LogFollower follower, EventQuery? query, TimeProvider time) : IEventCursor
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Queue<LogEntry> _waiting = new();
    private readonly Dictionary<string, string> _marks = new(StringComparer.OrdinalIgnoreCase);
    private LogEntry? _current;
    private string _event = "";

    public string? Bookmark => _current is { } entry ? SelBookmark.Write(_marks, entry.System, entry.Record.RecordId) : null;

    /// <summary>Looks once: what is there already counts as told, unless the subscriber has been here before.</summary>
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var (system, mark) in follower.Marks)
        {
            _marks[system] = mark;
        }

        await LookAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_waiting.TryDequeue(out var entry))
            {
                _marks[entry.System] = entry.Mark;
                var text = EventText.Of(entry, time.GetUtcNow());
                if (query is null || query.Matches(EventRecord.Read(text), SelEventsResource.Channel))
                {
                    (_current, _event) = (entry, text);
                    return true;
                }
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            await LookAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void WriteObject(XmlUtf8Writer xml) => xml.RawContent(Encoding.UTF8.GetBytes(_event));

    public void WriteReference(XmlUtf8Writer xml) => throw FaultCatalog.EnumerationModeUnsupported.Fault("events have no references.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask LookAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in await follower.ReadNewAsync(cancellationToken).ConfigureAwait(false))
        {
            _waiting.Enqueue(entry);
        }

        foreach (var (system, mark) in follower.Marks)
        {
            _marks.TryAdd(system, mark);
        }
    }
}

/// <summary>A record of a controller's log as the XML of an event.</summary>
/// <remarks>Windows Event Log, "EventType": the id is IPMI's type of sensor, or of record where no sensor is meant.</remarks>
internal static class EventText
{
    private const int Critical = 1;
    private const int Error = 2;
    private const int Warning = 3;
    private const int Information = 4;

    private static readonly XNamespace Ns = "http://schemas.microsoft.com/win/2004/08/events/event";

    public static string Of(LogEntry entry, DateTimeOffset now) => new XElement(
        Ns + "Event",
        new XElement(
            Ns + "System",
            new XElement(Ns + "Provider", new XAttribute("Name", "Farwire-IPMI")),
            new XElement(Ns + "EventID", entry.Record is SelEvent e ? (int)e.SensorType : ((SelOemRecord)entry.Record).RecordType),
            new XElement(Ns + "Level", LevelOf(entry)),
            new XElement(Ns + "TimeCreated", new XAttribute("SystemTime", (entry.Record.Time ?? now).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture))),
            new XElement(Ns + "EventRecordID", entry.Record.RecordId),
            new XElement(Ns + "Channel", SelEventsResource.Channel),
            new XElement(Ns + "Computer", entry.System)),
        new XElement(
            Ns + "EventData",
            Data("Sensor", entry.Sensor?.Name ?? ""),
            Data("RecordFormat", entry.Format),
            Data("RecordData", entry.Data)),
        new XElement(
            Ns + "RenderingInfo",
            new XAttribute("Culture", "en-US"),
            new XElement(Ns + "Message", entry.Sensor is { } sensor ? $"{sensor.Name}: {entry.Caption}" : entry.Caption))).ToString(SaveOptions.DisableFormatting);

    private static int LevelOf(LogEntry entry) => entry.Record is SelEvent { IsAssertion: false } ? Information : entry.Health switch
    {
        SensorHealth.NonRecoverable => Critical,
        SensorHealth.Critical => Error,
        SensorHealth.NonCritical => Warning,
        _ => Information,
    };

    private static XElement Data(string name, string value) => new(Ns + "Data", new XAttribute("Name", name), value);
}
