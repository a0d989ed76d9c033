using System.Globalization;
using System.Text;
using System.Text.Json;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;
using Farwire.CommandLine.Output;

namespace Farwire.CommandLine.PowerShell.Output;

/// <summary><c>-o json</c>: one object a line.</summary>
/// <remarks>Numbers beyond 2^53 are text, times ISO 8601, bytes base64, enumerations their names. An object that holds itself is told by its text.</remarks>
internal sealed class JsonForm : ObjectForm
{
    private const int MaxDepth = 16;
    private const long MaxSafeInteger = 1L << 53;

    public override void Show(TextWriter output, object? value) => output.WriteLine(Line(json => Write(json, value, new Stack<object>())));

    /// <summary>A line that <paramref name="write"/> fills.</summary>
    public static string Line(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Faults.JsonOptions))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes a value and all it holds.</summary>
    public static void Write(Utf8JsonWriter json, object? value) => Write(json, value, new Stack<object>());

    private static void Write(Utf8JsonWriter json, object? value, Stack<object> holders)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool b: json.WriteBooleanValue(b); break;
            case byte or sbyte or short or ushort or int or uint: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case long n when n is > -MaxSafeInteger and < MaxSafeInteger: json.WriteNumberValue(n); break;
            case ulong n when n < MaxSafeInteger: json.WriteNumberValue(n); break;
            case float n when float.IsFinite(n): json.WriteNumberValue(n); break;
            case double n when double.IsFinite(n): json.WriteNumberValue(n); break;
            case decimal n: json.WriteNumberValue(n); break;
            case byte[] bytes: json.WriteBase64StringValue(bytes); break;
            case RemoteList list: WriteList(json, list, holders); break;
            case RemoteDictionary or RemoteObject when holders.Count >= MaxDepth || holders.Contains(value): json.WriteStringValue(value.ToString()); break;
            case RemoteDictionary dictionary: WriteMembers(json, dictionary, dictionary.Select(e => KeyValuePair.Create(ObjectText.Of(e.Key), e.Value)), holders); break;
            case RemoteObject found: WriteObject(json, found, holders); break;
            case DateTime time: json.WriteStringValue(time); break;
            case DateTimeOffset time: json.WriteStringValue(time); break;
            default: json.WriteStringValue(new OutputRecord(value).ToString()); break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, RemoteObject found, Stack<object> holders)
    {
        if (found.Is("System.Enum"))
        {
            json.WriteStringValue(found.ToString());
        }
        else if (found.HasValue)
        {
            Write(json, found.Value, holders);
        }
        else if (ObjectText.PropertiesOf(found) is { Count: > 0 } properties)
        {
            WriteMembers(json, found, properties, holders);
        }
        else
        {
            json.WriteStringValue(found.ToString());
        }
    }

    private static void WriteMembers(Utf8JsonWriter json, object holder, IEnumerable<KeyValuePair<string, object?>> members, Stack<object> holders)
    {
        holders.Push(holder);
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            Write(json, value, holders);
        }

        json.WriteEndObject();
        holders.Pop();
    }

    private static void WriteList(Utf8JsonWriter json, RemoteList list, Stack<object> holders)
    {
        if (holders.Count >= MaxDepth || holders.Contains(list))
        {
            json.WriteStringValue(ObjectText.Of(list.Count));
            return;
        }

        holders.Push(list);
        json.WriteStartArray();
        foreach (var item in list)
        {
            Write(json, item, holders);
        }

        json.WriteEndArray();
        holders.Pop();
    }
}
