using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using System.Xml;
using Farwire.Client.PowerShell.Records;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>Reads objects from CLIXML.</summary>
/// <remarks>
/// MS-PSRP, "Serialization". Type names are words here: none is looked up, none makes an object but the few of this room. DTDs and processing
/// instructions are refused.
/// </remarks>
public sealed class ClixmlReader
{
    /// <summary>Objects inside objects.</summary>
    public const int MaxDepth = 100;

    /// <summary>Values in one message; a value can take far more memory than bytes.</summary>
    public const int MaxValues = 4_000_000;

    /// <summary>Names that one type may have.</summary>
    public const int MaxTypeNames = 256;

    private const string TextMark = "#< CLIXML";

    private readonly XmlDictionaryReader _xml;
    private readonly Dictionary<string, RemoteObject> _objects = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _types = [];
    private int _depth;
    private int _values;

    private ClixmlReader(XmlDictionaryReader xml) => _xml = xml;

    /// <summary>Reads one object: a message's data. Nothing is null.</summary>
    /// <param name="utf8">UTF-8 without a mark.</param>
    /// <exception cref="PowerShellProtocolException">It is none, or larger than a picture may be.</exception>
    public static object? Read(ReadOnlyMemory<byte> utf8) => utf8.IsEmpty ? null : Guarded(utf8, reader =>
    {
        reader._xml.MoveToContent();
        var value = reader.ReadValue();
        return reader._xml.MoveToContent() == XmlNodeType.None ? value : throw reader.Wrong("something follows the object");
    });

    /// <summary>
    /// Reads a document of several objects, as PowerShell writes it to the standard error of a program (<c>#&lt; CLIXML</c>) or to a file.
    /// </summary>
    /// <returns>Each object with the stream it belongs to (<c>Error</c>, <c>progress</c>, …), null where none is said.</returns>
    /// <exception cref="PowerShellProtocolException">It is none.</exception>
    public static IReadOnlyList<(string? Stream, object? Value)> ReadDocument(string text)
    {
        var start = text.StartsWith(TextMark, StringComparison.Ordinal) ? TextMark.Length : 0;
        return Guarded(Encoding.UTF8.GetBytes(text[start..].Trim()), reader =>
        {
            var xml = reader._xml;
            if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "Objs")
            {
                throw reader.Wrong("the document is not Objs");
            }

            var found = new List<(string?, object?)>();
            reader.Children(() => found.Add((xml.GetAttribute("S"), reader.ReadValue())));
            return found;
        });
    }

    private static T Guarded<T>(ReadOnlyMemory<byte> utf8, Func<ClixmlReader, T> read)
    {
        if (!Utf8.IsValid(utf8.Span)) // the XML reader lets it pass
        {
            throw new PowerShellProtocolException("An object is not written in UTF-8.");
        }

        var bytes = MemoryMarshal.TryGetArray(utf8, out var segment) ? segment : new ArraySegment<byte>(utf8.ToArray());
        var quotas = new XmlDictionaryReaderQuotas
        {
            MaxDepth = MaxDepth * 4, // Obj, DCT, En, Obj
            MaxStringContentLength = int.MaxValue, // as long as the message, which has a limit
            MaxArrayLength = int.MaxValue,
            MaxBytesPerRead = int.MaxValue,
            MaxNameTableCharCount = 64 * 1024,
        };
        try
        {
            using var xml = XmlDictionaryReader.CreateTextReader(bytes.Array!, bytes.Offset, bytes.Count, quotas);
            return read(new ClixmlReader(xml));
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException or ArgumentException)
        {
            throw new PowerShellProtocolException($"An object cannot be read: {e.Message}", e);
        }
    }

    // One element: a simple value, an object, or a reference to one.
    private object? ReadValue()
    {
        if (++_values > MaxValues)
        {
            throw Wrong($"it has more than {MaxValues} values");
        }

        if (_xml.NodeType != XmlNodeType.Element)
        {
            throw Wrong("text stands where a value must be");
        }

        return _xml.LocalName switch
        {
            "Obj" => ReadObject(),
            "Ref" => ReadReference(),
            "PR" => ReadProgress(),
            var tag when SimpleTypes.IsKnown(tag) => SimpleTypes.Parse(tag, Text()),
            var tag => throw Wrong($"'{tag}' is no value"),
        };
    }

    private RemoteObject ReadObject()
    {
        if (++_depth > MaxDepth)
        {
            throw Wrong($"objects are inside each other more than {MaxDepth} times");
        }

        var found = new RemoteObject();
        if (_xml.GetAttribute("RefId") is { } id && !_objects.TryAdd(id, found))
        {
            throw Wrong($"two objects have the id {id}");
        }

        Children(() => ReadPart(found));
        _depth--;
        return found;
    }

    private void ReadPart(RemoteObject found)
    {
        switch (_xml.LocalName)
        {
            case "TN": found.TypeNames = ReadTypeNames(); break;
            case "TNRef": found.TypeNames = Referenced(_types, "type names"); break;
            case "ToString": found.Text = ClixmlText.Unescape(Text()); break;
            case "Props": found.Adapted = ReadProperties(); break;
            case "MS": found.Extended = ReadProperties(); break;
            case "LST": Value(found, ReadList(ListKind.List)); break;
            case "STK": Value(found, ReadList(ListKind.Stack)); break;
            case "QUE": Value(found, ReadList(ListKind.Queue)); break;
            case "IE": Value(found, ReadList(ListKind.Enumerable)); break;
            case "DCT": Value(found, ReadDictionary()); break;
            default: Value(found, ReadValue()); break;
        }
    }

    private void Value(RemoteObject found, object? value)
    {
        if (found.HasValue)
        {
            throw Wrong("an object has two values");
        }

        found.HasValue = true;
        found.Value = value;
    }

    private string[] ReadTypeNames()
    {
        var id = _xml.GetAttribute("RefId");
        var names = new List<string>(4);
        Children(() => names.Add(names.Count < MaxTypeNames ? ClixmlText.Unescape(Text()) : throw Wrong($"a type has more than {MaxTypeNames} names")));
        string[] all = [.. names];
        if (id is not null && !_types.TryAdd(id, all))
        {
            throw Wrong($"two lists of type names have the id {id}");
        }

        return all;
    }

    private PropertyBag ReadProperties()
    {
        var bag = new PropertyBag();
        Children(() =>
        {
            var name = _xml.GetAttribute("N") ?? throw Wrong("a property has no name");
            bag.Add(ClixmlText.Unescape(name), ReadValue());
        });
        return bag;
    }

    private RemoteList ReadList(ListKind kind)
    {
        var list = new RemoteList { Kind = kind };
        Children(() => list.Add(ReadValue()));
        return list;
    }

    private RemoteDictionary ReadDictionary()
    {
        var dictionary = new RemoteDictionary();
        Children(() =>
        {
            object? key = null;
            object? value = null;
            Children(() =>
            {
                switch (_xml.GetAttribute("N"))
                {
                    case "Key": key = ReadValue(); break;
                    case "Value": value = ReadValue(); break;
                    default: throw Wrong("an entry of a dictionary has something beside its key and value");
                }
            });
            dictionary.Add(key ?? throw Wrong("an entry of a dictionary has no key"), value);
        });
        return dictionary;
    }

    // <PR> AV AI (S|Nil) PI PC T SR SD </PR>: only documents have it; messages have a bag of properties.
    private ProgressRecord ReadProgress()
    {
        var parts = new Dictionary<string, string>();
        Children(() => parts[_xml.LocalName] = Text());
        return new ProgressRecord(ClixmlText.Unescape(parts.GetValueOrDefault("AV", "")))
        {
            ActivityId = Number("AI", 0),
            ParentActivityId = Number("PI", -1),
            PercentComplete = Number("PC", -1),
            SecondsRemaining = Number("SR", -1),
            StatusDescription = ClixmlText.Unescape(parts.GetValueOrDefault("SD", "")),
            CurrentOperation = parts.TryGetValue("S", out var operation) ? ClixmlText.Unescape(operation) : null,
            IsCompleted = parts.GetValueOrDefault("T") == "Completed",
        };

        int Number(string tag, int absent) => parts.TryGetValue(tag, out var text) ? XmlConvert.ToInt32(text) : absent;
    }

    private RemoteObject ReadReference() => Referenced(_objects, "an object");

    private T Referenced<T>(Dictionary<string, T> table, string what)
    {
        var id = _xml.GetAttribute("RefId");
        Children(() => throw Wrong("a reference has a content"));
        return id is not null && table.TryGetValue(id, out var found) ? found : throw Wrong($"it refers to {what} with the id {id}, which nothing before has");
    }

    // Stands on an element; leaves what follows its end.
    private void Children(Action read)
    {
        if (_xml.IsEmptyElement)
        {
            _xml.Read();
            return;
        }

        _xml.Read();
        while (_xml.MoveToContent() != XmlNodeType.EndElement)
        {
            if (_xml.NodeType != XmlNodeType.Element)
            {
                throw Wrong("text stands where an element must be");
            }

            read();
        }

        _xml.Read();
    }

    private string Text() => _xml.ReadElementContentAsString();

    private PowerShellProtocolException Wrong(string what) => new($"An object cannot be read: {what} (at <{_xml.LocalName}>).");
}
