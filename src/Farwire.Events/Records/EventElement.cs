using System.Text;

namespace Farwire.Events.Records;

/// <summary>An element of an event, by its name without namespace: queries on events know none.</summary>
public sealed class EventElement
{
    private static readonly EventElement[] NoChildren = [];
    private static readonly KeyValuePair<string, string>[] NoAttributes = [];

    private readonly KeyValuePair<string, string>[] _attributes;
    private readonly EventElement[] _children;
    private string? _value;

    internal EventElement(string name, KeyValuePair<string, string>[] attributes, EventElement[] children, string text)
    {
        Name = name;
        _attributes = attributes;
        _children = children;
        Text = text;
    }

    /// <summary>The local name.</summary>
    public string Name { get; }

    /// <summary>The attributes in the order they were written.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes => _attributes;

    /// <summary>The child elements in order.</summary>
    public IReadOnlyList<EventElement> Children => _children;

    /// <summary>The text of the element itself.</summary>
    public string Text { get; }

    /// <summary>The text of the element and all elements in it.</summary>
    /// <remarks>XPath 1.0, "Element Nodes".</remarks>
    public string Value => _value ??= Children.Count == 0 ? Text : Text + string.Concat(Children.Select(child => child.Value));

    // A query walks these for every event: no enumerator for each.
    internal ReadOnlySpan<KeyValuePair<string, string>> AttributeSpan => _attributes;

    internal ReadOnlySpan<EventElement> ChildSpan => _children;

    /// <summary>The value of an attribute, or null.</summary>
    public string? Attribute(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Key == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The first child of a name, or null.</summary>
    public EventElement? Child(string name)
    {
        foreach (var child in Children)
        {
            if (child.Name == name)
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>Reads the element in <paramref name="xml"/>; of broken XML what comes before the break.</summary>
    internal static EventElement Read(string xml)
    {
        var scanner = new EventScanner(xml);
        var open = new Stack<Building>();
        open.Push(new Building("", NoAttributes));
        while (scanner.Next() is not (EventToken.End or EventToken.Broken) and var token)
        {
            switch (token)
            {
                case EventToken.StartElement when scanner.IsEmpty:
                    open.Peek().Children.Add(new EventElement(NameOf(scanner.Name), AttributesOf(scanner), NoChildren, ""));
                    break;
                case EventToken.StartElement:
                    open.Push(new Building(NameOf(scanner.Name), AttributesOf(scanner)));
                    break;
                case EventToken.EndElement:
                    var ended = open.Pop();
                    open.Peek().Children.Add(ended.Build());
                    break;
                case EventToken.Text:
                    open.Peek().Add(EventEntities.Decode(scanner.RawText, scanner.IsLiteral));
                    break;
            }
        }

        while (open.Count > 1)
        {
            var cut = open.Pop();
            open.Peek().Children.Add(cut.Build());
        }

        return open.Pop().Children.FirstOrDefault() ?? new EventElement("Event", NoAttributes, NoChildren, "");
    }

    // The names of the schema are one string each, not one a time.
    private static string NameOf(ReadOnlySpan<char> name) => name switch
    {
        "Data" => "Data",
        "Event" => "Event",
        "EventData" => "EventData",
        "System" => "System",
        "Provider" => "Provider",
        "EventID" => "EventID",
        "Version" => "Version",
        "Level" => "Level",
        "Task" => "Task",
        "Opcode" => "Opcode",
        "Keywords" => "Keywords",
        "TimeCreated" => "TimeCreated",
        "EventRecordID" => "EventRecordID",
        "Correlation" => "Correlation",
        "Execution" => "Execution",
        "Channel" => "Channel",
        "Computer" => "Computer",
        "Security" => "Security",
        "Name" => "Name",
        _ => new string(name),
    };

    private static KeyValuePair<string, string>[] AttributesOf(in EventScanner scanner)
    {
        List<KeyValuePair<string, string>>? found = null;
        var attributes = scanner.Attributes();
        while (attributes.MoveNext())
        {
            (found ??= []).Add(KeyValuePair.Create(NameOf(attributes.Name), EventEntities.Decode(attributes.RawValue)));
        }

        return found is null ? NoAttributes : [.. found];
    }

    private sealed class Building(string name, KeyValuePair<string, string>[] attributes)
    {
        private string _text = "";
        private StringBuilder? _more;

        public List<EventElement> Children { get; } = [];

        public void Add(string text)
        {
            if (_text.Length == 0)
            {
                _text = text;
            }
            else
            {
                (_more ??= new StringBuilder(_text)).Append(text);
            }
        }

        public EventElement Build() => new(name, attributes, Children.Count == 0 ? NoChildren : [.. Children], _more?.ToString() ?? _text);
    }
}
