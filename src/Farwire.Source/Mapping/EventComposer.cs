using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Farwire.Events.Records;
using Farwire.Protocol.Addressing;

namespace Farwire.Source.Mapping;

/// <summary>Writes what a machine logged as the XML of a Windows event.</summary>
/// <remarks>
/// Windows Event Log, "EventType". The System properties come first as values, so that a query about them alone is answered before any XML is
/// written. Every field is in EventData, in the journal's order.
/// </remarks>
public sealed class EventComposer(string computer)
{
    private const string End = "</Event>";

    private static readonly Guid Providers = new("3d0e5d9a-6a4f-5b0c-8b57-7d1c1f5f7a11"); // the name space of providers' identifiers: the same name is the same provider on every machine

    // RFC 5424, "PRI".
    private static readonly string[] Facilities =
        ["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"];

    /// <summary>What the event says about itself.</summary>
    /// <param name="log">What was logged.</param>
    /// <param name="kind">What the rules make of it.</param>
    /// <param name="channel">Its channel: that of the kind, or another name of it.</param>
    /// <param name="recordId">Its number in the channel.</param>
    public EventSystem SystemOf(LogFields log, EventKind kind, string channel, ulong recordId)
    {
        var provider = EventText.Clean(kind.Provider ?? log["SYSLOG_IDENTIFIER"] ?? log["_COMM"] ?? log["_SYSTEMD_UNIT"] ?? "journal");
        var process = log.Number("_PID") ?? log.Number("SYSLOG_PID");
        return new EventSystem
        {
            ProviderName = provider,
            ProviderGuid = Uuid.OfName(Providers, provider).ToString("B"),
            EventId = kind.EventId,
            Version = 0,
            Level = kind.Level ?? log.Number("PRIORITY") switch { <= 2 => 1, 3 => 2, 4 => 3, 7 => 5, _ => 4 },
            Task = log.Number("SYSLOG_FACILITY") is { } facility and < 24 ? (int)facility : 0,
            Opcode = 0,
            Keywords = kind.Keywords,
            TimeCreated = log.Time.UtcDateTime,
            RecordId = recordId,
            ActivityId = Guid.TryParse(log["_SYSTEMD_INVOCATION_ID"], out var invocation) ? invocation.ToString("B") : null,
            ProcessId = process,
            ThreadId = process is null ? null : log.Number("TID") ?? process,
            Channel = channel,
            Computer = EventText.Clean(log.Computer ?? computer),
            UserId = log.Number("_UID") is { } user ? string.Create(CultureInfo.InvariantCulture, $"S-1-22-1-{user}") : null, // the SID of a Unix user, as Samba has it
        };
    }

    /// <summary>The event without RenderingInfo.</summary>
    public static string Compose(LogFields log, EventKind kind, EventSystem system)
    {
        var text = new StringBuilder(1024);
        var xml = new EventXmlText(text);
        xml.Raw("<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">");
        WriteSystem(xml, system);
        xml.Raw("<EventData>");
        foreach (var (name, value) in kind.Data)
        {
            xml.Data(name, value);
        }

        foreach (var (name, value) in log.All)
        {
            WriteData(xml, name, value);
        }

        xml.Raw("</EventData>").Raw(End);
        return text.ToString();
    }

    /// <summary>The same event with RenderingInfo: a collector has no texts of our providers.</summary>
    public static string Render(string composed, LogFields log, EventSystem system)
    {
        var text = new StringBuilder(composed, 0, composed.Length - End.Length, composed.Length + 512);
        var xml = new EventXmlText(text);
        xml.Raw("<RenderingInfo Culture=\"en-US\">")
            .Element("Message", log["MESSAGE"] ?? "")
            .Element("Level", EventLevel.NameOf(system.Level))
            .Element("Task", Facilities[system.Task ?? 0])
            .Element("Channel", system.Channel!)
            .Element("Provider", system.ProviderName!)
            .Raw("<Keywords>");
        foreach (var (bit, name) in ((ulong, string)[])[(EventKind.AuditSuccess, "Audit Success"), (EventKind.AuditFailure, "Audit Failure"), (EventKind.Classic, "Classic")])
        {
            if ((system.Keywords & bit) != 0)
            {
                xml.Element("Keyword", name);
            }
        }

        xml.Raw("</Keywords></RenderingInfo>").Raw(End);
        return text.ToString();
    }

    private static void WriteSystem(EventXmlText xml, EventSystem system)
    {
        xml.Raw("<System><Provider").Attribute("Name", system.ProviderName!).Attribute("Guid", system.ProviderGuid!).Raw("/>")
            .Element("EventID", system.EventId!.Value)
            .Element("Version", system.Version!.Value)
            .Element("Level", system.Level!.Value)
            .Element("Task", system.Task!.Value)
            .Element("Opcode", system.Opcode!.Value)
            .Element("Keywords", string.Create(CultureInfo.InvariantCulture, $"0x{system.Keywords:x}"))
            .Raw("<TimeCreated").Attribute("SystemTime", EventTime.Format(system.TimeCreated!.Value)).Raw("/>")
            .Element("EventRecordID", system.RecordId!.Value);
        if (system.ActivityId is { } activity)
        {
            xml.Raw("<Correlation").Attribute("ActivityID", activity).Raw("/>");
        }

        if (system.ProcessId is { } process)
        {
            xml.Raw("<Execution").Attribute("ProcessID", Text(process)).Attribute("ThreadID", Text(system.ThreadId!.Value)).Raw("/>");
        }

        xml.Element("Channel", system.Channel!).Element("Computer", system.Computer!);
        if (system.UserId is { } user)
        {
            xml.Raw("<Security").Attribute("UserID", user).Raw("/>");
        }

        xml.Raw("</System>");
    }

    // Bytes that are not UTF-8 are hexadecimal, under a name that says so.
    private static void WriteData(EventXmlText xml, string name, byte[] value)
    {
        var whole = Whole(value);
        if (Utf8.IsValid(value.AsSpan(0, whole)))
        {
            xml.Data(name, Encoding.UTF8.GetString(value, 0, whole));
        }
        else
        {
            xml.Data(name + ".hex", Convert.ToHexString(value));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // A field is cut at a byte, and that must not fall into a character: at most three bytes are left out.
    private static int Whole(ReadOnlySpan<byte> value)
    {
        for (var length = value.Length; value.Length == LogFields.MaxField && length > value.Length - 4; length--)
        {
            if (Utf8.IsValid(value[..length]))
            {
                return length;
            }
        }

        return value.Length;
    }
}
