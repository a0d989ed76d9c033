using System.Collections;
using System.Globalization;
using System.Text;
using Farwire.Client.PowerShell.Records;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>Writes objects as CLIXML, as PowerShell itself does: the same object, and the same type names, are written once.</summary>
/// <remarks>MS-PSRP, "Serialization".</remarks>
public sealed class ClixmlWriter
{
    private static readonly string[] ListType = ["System.Collections.ArrayList", "System.Object"];
    private static readonly string[] ArrayType = ["System.Object[]", "System.Array", "System.Object"];
    private static readonly string[] HashtableType = ["System.Collections.Hashtable", "System.Object"];

    private readonly StringBuilder _xml = new();
    private readonly Dictionary<object, int> _objects = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _types = [];
    private int _depth;
    private int _nextObject;

    private ClixmlWriter()
    {
    }

    /// <summary>
    /// The UTF-8 of <paramref name="value"/>: a simple value, a <see cref="RemoteObject"/>, a <see cref="RemoteList"/> or <see cref="RemoteDictionary"/>,
    /// or any dictionary or sequence of them.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of these, or deeper than <see cref="ClixmlReader.MaxDepth"/>.</exception>
    public static byte[] Write(object? value)
    {
        var writer = new ClixmlWriter();
        writer.WriteValue(value, null);
        return Encoding.UTF8.GetBytes(writer._xml.ToString());
    }

    private void WriteValue(object? value, string? name)
    {
        switch (value)
        {
            case RemoteObject found:
                WriteObject(found, found, name);
                break;
            case object or null when SimpleTypes.Format(value) is var (tag, text):
                WriteSimple(tag, text, name, value is null);
                break;
            case ProgressRecord progress:
                WriteProgress(progress, name);
                break;
            case RemoteList list:
                WriteObject(list, RemoteObject.Of(list, ListType), name);
                break;
            case IDictionary or RemoteDictionary:
                WriteObject(value, RemoteObject.Of(value, HashtableType), name);
                break;
            case IEnumerable items:
                WriteObject(items, RemoteObject.Of(items, ArrayType), name);
                break;
            case Enum member:
                WriteValue(Convert.ToInt32(member, CultureInfo.InvariantCulture), name);
                break;
            default:
                throw new ArgumentException($"{value!.GetType()} has no form in CLIXML. Send its properties as a RemoteObject.", nameof(value));
        }
    }

    // <Obj N=""? RefId=""> (<TN RefId=""> <T/>* </TN> | <TNRef RefId=""/>)? <ToString/>? value? <Props/>? <MS/>? </Obj>
    private void WriteObject(object identity, RemoteObject found, string? name)
    {
        if (_objects.TryGetValue(identity, out var id))
        {
            Open("Ref", name, id);
            _xml.Append(" />");
            return;
        }

        if (++_depth > ClixmlReader.MaxDepth)
        {
            throw new ArgumentException($"Objects are inside each other more than {ClixmlReader.MaxDepth} times.", nameof(found));
        }

        _objects.Add(identity, _nextObject);
        Open("Obj", name, _nextObject++);
        _xml.Append('>');
        WriteTypeNames(found.TypeNames);
        if (found.Text is not null)
        {
            WriteSimple("ToString", found.Text, null);
        }

        if (found.HasValue)
        {
            WriteContent(found.Value);
        }

        WriteProperties("Props", found.Adapted);
        WriteProperties("MS", found.Extended);
        _xml.Append("</Obj>");
        _depth--;
    }

    private void WriteTypeNames(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        var key = string.Join('\n', names);
        if (_types.TryGetValue(key, out var id))
        {
            Open("TNRef", null, id);
            _xml.Append(" />");
            return;
        }

        id = _types.Count;
        _types.Add(key, id);
        Open("TN", null, id);
        _xml.Append('>');
        foreach (var name in names)
        {
            WriteSimple("T", name, null);
        }

        _xml.Append("</TN>");
    }

    private void WriteContent(object? value)
    {
        switch (value)
        {
            case object or null when SimpleTypes.Format(value) is var (tag, text): WriteSimple(tag, text, null, value is null); break;
            case RemoteObject found: WriteValue(found, null); break;
            case RemoteDictionary entries: WriteEntries(entries); break;
            case IDictionary entries: WriteEntries(entries.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create(e.Key, e.Value))); break;
            case RemoteList list: WriteItems(Tag(list.Kind), list); break;
            case IEnumerable items: WriteItems("LST", items); break;
            default: WriteValue(value, null); break;
        }
    }

    private static string Tag(ListKind kind) => kind switch
    {
        ListKind.Stack => "STK",
        ListKind.Queue => "QUE",
        ListKind.Enumerable => "IE",
        _ => "LST",
    };

    private void WriteItems(string tag, IEnumerable items)
    {
        var start = Begin(tag);
        foreach (var item in items)
        {
            WriteValue(item, null);
        }

        End(tag, start);
    }

    private void WriteEntries(IEnumerable<KeyValuePair<object, object?>> entries)
    {
        var start = Begin("DCT");
        foreach (var (key, value) in entries)
        {
            _xml.Append("<En>");
            WriteValue(key, "Key");
            WriteValue(value, "Value");
            _xml.Append("</En>");
        }

        End("DCT", start);
    }

    private void WriteProperties(string tag, PropertyBag? bag)
    {
        if (bag is null)
        {
            return;
        }

        var start = Begin(tag);
        foreach (var (name, value) in bag)
        {
            WriteValue(value, name);
        }

        End(tag, start);
    }

    // <PR> AV AI (S|Nil) PI PC T SR SD </PR>
    private void WriteProgress(ProgressRecord progress, string? name)
    {
        Open("PR", name, null);
        _xml.Append('>');
        WriteSimple("AV", progress.Activity, null);
        WriteSimple("AI", Text(progress.ActivityId), null);
        WriteSimple(progress.CurrentOperation is null ? "Nil" : "S", progress.CurrentOperation ?? "", null, progress.CurrentOperation is null);
        WriteSimple("PI", Text(progress.ParentActivityId), null);
        WriteSimple("PC", Text(progress.PercentComplete), null);
        WriteSimple("T", progress.IsCompleted ? "Completed" : "Processing", null);
        WriteSimple("SR", Text(progress.SecondsRemaining), null);
        WriteSimple("SD", progress.StatusDescription, null);
        _xml.Append("</PR>");

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private int Begin(string tag) => _xml.Append('<').Append(tag).Append('>').Length;

    private void End(string tag, int start)
    {
        if (_xml.Length == start)
        {
            _xml.Length--;
            _xml.Append(" />");
            return;
        }

        _xml.Append("</").Append(tag).Append('>');
    }

    private void WriteSimple(string tag, string text, string? name, bool isNil = false)
    {
        Open(tag, name, null);
        if (isNil)
        {
            _xml.Append(" />");
            return;
        }

        _xml.Append('>');
        ClixmlText.Append(_xml, text);
        _xml.Append("</").Append(tag).Append('>');
    }

    private void Open(string tag, string? name, int? id)
    {
        _xml.Append('<').Append(tag);
        if (name is not null)
        {
            _xml.Append(" N=\"");
            ClixmlText.Append(_xml, name, isAttribute: true);
            _xml.Append('"');
        }

        if (id is not null)
        {
            _xml.Append(CultureInfo.InvariantCulture, $" RefId=\"{id}\"");
        }
    }
}
