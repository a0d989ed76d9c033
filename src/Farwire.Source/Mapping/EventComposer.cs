using System.Globalization;
using System.Text;
using System.Text.Unicode;
using System.Xml;

namespace Farwire.Source.Mapping;

/// <summary>Where an event goes and which it is, as the rules say.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="EventId">Its number.</param>
/// <param name="Keywords">Its keyword bits.</param>
public sealed record EventKind(string Channel, ushort EventId, ulong Keywords = EventKind.Classic)
{
    /// <summary>The bit of events that came by a plain log.</summary>
    public const ulong Classic = 0x80000000000000;
}

/// <summary>Writes what a Linux machine logged as the XML of a Windows event.</summary>
/// <remarks>Windows Event Log, "EventType". Fields that a System property shows are in EventData all the same only where they say more.</remarks>
public sealed class EventComposer(string computer)
{
    /// <summary>Bytes of one field that are sent; what is longer is cut.</summary>
    public const int MaxField = 64 * 1024;

    private static readonly string[] Levels = ["", "Critical", "Error", "Warning", "Information", "Verbose"];

    /// <summary>Composes an event.</summary>
    /// <param name="log">What was logged.</param>
    /// <param name="kind">What the rules make of it.</param>
    /// <param name="recordId">Its number in the channel.</param>
    /// <param name="rendered">With RenderingInfo.</param>
    public string Compose(LogFields log, EventKind kind, ulong recordId, bool rendered)
    {
        var text = new StringBuilder(1024);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            xml.WriteStartElement("Event", "http://schemas.microsoft.com/win/2004/08/events/event");
            WriteSystem(xml, log, kind, recordId);
            xml.WriteStartElement("EventData");
            foreach (var (name, value) in log.All)
            {
                WriteData(xml, name, value);
            }

            xml.WriteEndElement();
            if (rendered)
            {
                WriteRendering(xml, log, kind);
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private void WriteSystem(XmlWriter xml, LogFields log, EventKind kind, ulong recordId)
    {
        xml.WriteStartElement("System");
        xml.WriteStartElement("Provider");
        xml.WriteAttributeString("Name", Provider(log));
        xml.WriteEndElement();
        xml.WriteElementString("EventID", Text(kind.EventId));
        xml.WriteElementString("Version", "0");
        xml.WriteElementString("Level", Text(Level(log)));
        xml.WriteElementString("Task", Text(log.Number("SYSLOG_FACILITY") is { } task and < 24 ? task : 0));
        xml.WriteElementString("Opcode", "0");
        xml.WriteElementString("Keywords", string.Create(CultureInfo.InvariantCulture, $"0x{kind.Keywords:x}"));
        xml.WriteStartElement("TimeCreated");
        xml.WriteAttributeString("SystemTime", log.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        xml.WriteElementString("EventRecordID", Text(recordId));
        if (Guid.TryParse(log["_SYSTEMD_INVOCATION_ID"], out var invocation))
        {
            xml.WriteStartElement("Correlation");
            xml.WriteAttributeString("ActivityID", invocation.ToString("B"));
            xml.WriteEndElement();
        }

        if (log.Number("_PID") is { } process)
        {
            xml.WriteStartElement("Execution");
            xml.WriteAttributeString("ProcessID", Text(process));
            xml.WriteAttributeString("ThreadID", Text(log.Number("TID") ?? process));
            xml.WriteEndElement();
        }

        xml.WriteElementString("Channel", kind.Channel);
        xml.WriteElementString("Computer", computer);
        if (log.Number("_UID") is { } user)
        {
            xml.WriteStartElement("Security");
            xml.WriteAttributeString("UserID", $"S-1-22-1-{Text(user)}"); // the SID of a Unix user, as Samba has it
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    // Bytes that are not UTF-8 are hexadecimal, under a name that says so.
    private static void WriteData(XmlWriter xml, string name, byte[] value)
    {
        var shown = value.AsSpan(0, Math.Min(value.Length, MaxField));
        var whole = Whole(shown);
        var isText = Utf8.IsValid(shown[..whole]);
        xml.WriteStartElement("Data");
        xml.WriteAttributeString("Name", isText ? name : name + ".hex");
        xml.WriteString(isText ? Clean(Encoding.UTF8.GetString(shown[..whole])) : Convert.ToHexString(shown));
        xml.WriteEndElement();
    }

    private static void WriteRendering(XmlWriter xml, LogFields log, EventKind kind)
    {
        xml.WriteStartElement("RenderingInfo");
        xml.WriteAttributeString("Culture", "en-US");
        xml.WriteElementString("Message", Clean(log["MESSAGE"] is { Length: > MaxField } longer ? longer[..MaxField] : log["MESSAGE"] ?? ""));
        xml.WriteElementString("Level", Levels[Level(log)]);
        xml.WriteElementString("Channel", kind.Channel);
        xml.WriteElementString("Provider", Provider(log));
        xml.WriteEndElement();
    }

    private static string Provider(LogFields log) => Clean(log["SYSLOG_IDENTIFIER"] ?? log["_COMM"] ?? log["_SYSTEMD_UNIT"] ?? "journal");

    private static int Level(LogFields log) => log.Number("PRIORITY") switch { <= 2 => 1, 3 => 2, 4 => 3, 7 => 5, _ => 4 };

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    // A cut must not fall into a character: at most three bytes are left out.
    private static int Whole(ReadOnlySpan<byte> value)
    {
        for (var length = value.Length; length >= 0 && length > value.Length - 4; length--)
        {
            if (Utf8.IsValid(value[..length]))
            {
                return length;
            }
        }

        return value.Length;
    }

    // What XML cannot carry becomes U+FFFD.
    private static string Clean(string text) => Farwire.Events.Records.EventText.Clean(text);
}
