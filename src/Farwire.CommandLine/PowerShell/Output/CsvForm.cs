namespace Farwire.CommandLine.PowerShell.Output;

/// <summary><c>-o csv</c>: a line with the names of the first object's properties, then a line for each object.</summary>
/// <remarks>RFC 4180, with the line's end of Unix. As with <c>Export-Csv</c>, the first object says which columns there are.</remarks>
internal sealed class CsvForm : ObjectForm
{
    private string[]? _columns;

    public override void Show(TextWriter output, object? value)
    {
        var properties = ObjectText.PropertiesOf(value) ?? [KeyValuePair.Create("Value", value)];
        if (_columns is null)
        {
            _columns = [.. properties.Select(p => p.Key)];
            output.WriteLine(string.Join(',', _columns.Select(Quoted)));
        }

        output.WriteLine(string.Join(',', _columns.Select(c => Quoted(ObjectText.Of(properties.FirstOrDefault(p => p.Key.Equals(c, StringComparison.OrdinalIgnoreCase)).Value)))));
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 && !text.StartsWith(' ') && !text.EndsWith(' ')
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
