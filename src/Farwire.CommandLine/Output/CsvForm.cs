using System.Text.Json;

namespace Farwire.CommandLine.Output;

/// <summary><c>-o csv</c>: a line of names, and a line of values for each item.</summary>
/// <remarks>RFC 4180. The columns are those of the first item: in a list of several classes what the first does not have is left out.</remarks>
internal sealed class CsvForm(JsonForm json) : IOutputForm
{
    private List<string>? _columns;

    public void Show(TextWriter output, string element)
    {
        using var document = JsonDocument.Parse(json.Bytes(element));
        var item = document.RootElement;
        if (_columns is null)
        {
            _columns = [.. item.EnumerateObject().Select(property => property.Name)];
            output.WriteLine(string.Join(',', _columns.Select(Quoted)));
        }

        output.WriteLine(string.Join(',', _columns.Select(column => item.TryGetProperty(column, out var value) ? Quoted(Cell.Text(value)) : "")));
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
