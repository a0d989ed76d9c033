using System.Text.Json;

namespace Farwire.CommandLine.Output;

/// <summary><c>-o yaml</c>: a document of one item, or a sequence of several, as they arrive.</summary>
/// <remarks>YAML 1.2; text is written as JSON writes it wherever it could be taken for something else.</remarks>
internal sealed class YamlForm(JsonForm json) : IOutputForm
{
    private bool _isList;

    public void StartList(TextWriter output) => _isList = true;

    public void Show(TextWriter output, string element)
    {
        using var document = JsonDocument.Parse(json.Bytes(element));
        Write(output, document.RootElement, _isList ? 2 : 0, first: _isList ? "- " : "");
    }

    // The first line of an item stands behind its dash.
    private static void Write(TextWriter output, JsonElement item, int depth, string first)
    {
        var start = first;
        var indent = new string(' ', depth);
        if (!item.EnumerateObject().Any())
        {
            output.WriteLine($"{indent[..^Math.Min(first.Length, depth)]}{first}{{}}");
            return;
        }

        foreach (var property in item.EnumerateObject())
        {
            var lead = start.Length > 0 ? indent[..^start.Length] + start : indent;
            start = "";
            var name = Scalar(property.Name);
            switch (property.Value)
            {
                case { ValueKind: JsonValueKind.Object } inner when inner.EnumerateObject().Any():
                    output.WriteLine($"{lead}{name}:");
                    Write(output, inner, depth + 2, "");
                    break;
                case { ValueKind: JsonValueKind.Array } array when array.GetArrayLength() > 0:
                    output.WriteLine($"{lead}{name}:");
                    foreach (var part in array.EnumerateArray())
                    {
                        if (part.ValueKind == JsonValueKind.Object)
                        {
                            Write(output, part, depth + 4, "- ");
                        }
                        else
                        {
                            output.WriteLine($"{indent}  - {Value(part)}");
                        }
                    }

                    break;
                default:
                    output.WriteLine($"{lead}{name}: {Value(property.Value)}");
                    break;
            }
        }
    }

    private static string Value(JsonElement value) => value.ValueKind == JsonValueKind.String ? Scalar(value.GetString() ?? "") : value.GetRawText();

    // Plain where nothing else can be meant: it begins with a letter, is no word of YAML's own, and has no mark of its own inside.
    private static string Scalar(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] is not (' ' or ':')
            && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && !text.Any(char.IsControl)
            && text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "NULL" or "Y" or "N");
        return isPlain ? text : $"\"{JsonEncodedText.Encode(text, Faults.JsonOptions.Encoder)}\"";
    }
}
