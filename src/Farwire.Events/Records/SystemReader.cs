using System.Globalization;

namespace Farwire.Events.Records;

/// <summary>Reads the <c>System</c> element and checks that the rest is well formed.</summary>
internal static class SystemReader
{
    // <Event>
    //   <System>
    //     <Provider Name="" Guid="" EventSourceName=""/> <EventID Qualifiers=""/> <Version/> <Level/> <Task/> <Opcode/> <Keywords/>
    //     <TimeCreated SystemTime=""/> <EventRecordID/> <Correlation ActivityID="" RelatedActivityID=""/>
    //     <Execution ProcessID="" ThreadID=""/> <Channel/> <Computer/> <Security UserID=""/>
    //   </System>
    //   EventData | UserData | …
    // </Event>

    public static EventSystem Read(string xml, out string? problem)
    {
        var scanner = new EventScanner(xml);
        var values = default(Values);
        problem = null;
        while (true)
        {
            switch (scanner.Next())
            {
                case EventToken.End:
                    problem ??= values.SystemSeen ? null : "the event has no System element";
                    return values.ToSystem();
                case EventToken.Broken:
                    problem ??= scanner.Problem;
                    return values.ToSystem();
                case EventToken.StartElement:
                    var depth = scanner.IsEmpty ? scanner.Depth + 1 : scanner.Depth;
                    if (depth == 1)
                    {
                        problem = scanner.Name is "Event" ? null : $"the element is '{scanner.Name}', not 'Event'";
                    }
                    else if (depth == 2)
                    {
                        values.InSystem = scanner.Name is "System" && !scanner.IsEmpty;
                        values.SystemSeen |= scanner.Name is "System";
                    }
                    else if (depth == 3 && values.InSystem)
                    {
                        values.Start(ref scanner);
                    }

                    break;
                case EventToken.Text when scanner.Depth == 3 && values.InSystem:
                    values.Text(scanner.RawText, scanner.IsLiteral);
                    break;
                case EventToken.EndElement when scanner.Depth == 1:
                    values.InSystem = false;
                    break;
            }
        }
    }

    private enum Field
    {
        None, EventId, Version, Level, Task, Opcode, Keywords, RecordId, Channel, Computer,
    }

    private ref struct Values
    {
        private Field _field;
        private string? _provider, _guid, _source, _time, _activity, _related, _channel, _computer, _user;
        private int? _eventId, _qualifiers, _version, _level, _task, _opcode;
        private ulong? _keywords, _recordId;
        private long? _process, _thread;
        private DateTime? _created;

        public bool InSystem { get; set; }

        public bool SystemSeen { get; set; }

        public void Start(ref EventScanner scanner)
        {
            _field = Field.None;
            switch (scanner.Name)
            {
                case "Provider":
                    _provider = Attribute(scanner, "Name");
                    _guid = Attribute(scanner, "Guid");
                    _source = Attribute(scanner, "EventSourceName");
                    break;
                case "EventID":
                    _qualifiers = (int?)Number(Attribute(scanner, "Qualifiers"));
                    _field = Field.EventId;
                    break;
                case "Version": _field = Field.Version; break;
                case "Level": _field = Field.Level; break;
                case "Task": _field = Field.Task; break;
                case "Opcode": _field = Field.Opcode; break;
                case "Keywords": _field = Field.Keywords; break;
                case "TimeCreated":
                    _time = Attribute(scanner, "SystemTime");
                    _created = EventTime.TryParse(_time, out var utc) ? utc : null;
                    break;
                case "EventRecordID": _field = Field.RecordId; break;
                case "Correlation":
                    _activity = Attribute(scanner, "ActivityID");
                    _related = Attribute(scanner, "RelatedActivityID");
                    break;
                case "Execution":
                    _process = Number(Attribute(scanner, "ProcessID"));
                    _thread = Number(Attribute(scanner, "ThreadID"));
                    break;
                case "Channel": (_field, _channel) = (Field.Channel, ""); break;
                case "Computer": (_field, _computer) = (Field.Computer, ""); break;
                case "Security":
                    // Sysmon for Linux writes UserId.
                    _user = Attribute(scanner, "UserID") ?? Attribute(scanner, "UserId");
                    break;
            }
        }

        public void Text(ReadOnlySpan<char> raw, bool isLiteral)
        {
            switch (_field)
            {
                case Field.EventId: _eventId = (int?)Number(raw); break;
                case Field.Version: _version = (int?)Number(raw); break;
                case Field.Level: _level = (int?)Number(raw); break;
                case Field.Task: _task = (int?)Number(raw); break;
                case Field.Opcode: _opcode = (int?)Number(raw); break;
                case Field.Keywords: _keywords = Bits(raw); break;
                case Field.RecordId: _recordId = ulong.TryParse(raw.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null; break;
                case Field.Channel: _channel = EventEntities.Decode(raw, isLiteral).Trim(); break;
                case Field.Computer: _computer = EventEntities.Decode(raw, isLiteral).Trim(); break;
            }

            _field = Field.None;
        }

        public readonly EventSystem ToSystem() => new()
        {
            ProviderName = _provider,
            ProviderGuid = _guid,
            EventSourceName = _source,
            EventId = _eventId,
            Qualifiers = _qualifiers,
            Version = _version,
            Level = _level,
            Task = _task,
            Opcode = _opcode,
            Keywords = _keywords,
            TimeCreated = _created,
            TimeText = _time is not null && (_created is not { } created || EventTime.Format(created) != _time) ? _time : null,
            RecordId = _recordId,
            ActivityId = _activity,
            RelatedActivityId = _related,
            ProcessId = _process,
            ThreadId = _thread,
            Channel = _channel,
            Computer = _computer,
            UserId = _user,
        };

        private static string? Attribute(in EventScanner scanner, ReadOnlySpan<char> name) =>
            scanner.TryAttribute(name, out var raw) ? EventEntities.Decode(raw) : null;

        private static long? Number(ReadOnlySpan<char> text) =>
            int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : uint.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var large) ? large
            : null;

        private static ulong? Bits(ReadOnlySpan<char> text)
        {
            text = text.Trim();
            return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) ? bits : null
                : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits) ? bits : null;
        }
    }
}
