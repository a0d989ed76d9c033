using System.Globalization;
using System.Text.Json;
using Farwire.CommandLine.Output;

namespace Farwire.CommandLine.Bmc;

/// <summary>Rows of named values, and the forms that they are written in.</summary>
internal sealed class BmcRows(params string[] columns)
{
    private readonly List<object?[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params object?[] values) => _rows.Add(values);

    /// <summary>The same rows with the name of the host before them.</summary>
    public static BmcRows Merge(IEnumerable<(string Host, BmcRows Rows)> parts)
    {
        BmcRows? merged = null;
        foreach (var (host, rows) in parts)
        {
            merged ??= new BmcRows(["host", .. rows.Columns]);
            foreach (var row in rows._rows)
            {
                merged.Add([host, .. row]);
            }
        }

        return merged ?? new BmcRows("host");
    }

    /// <summary>The same rows with a time before them.</summary>
    public BmcRows At(DateTimeOffset time)
    {
        var rows = new BmcRows(["time", .. columns]);
        _rows.ForEach(row => rows.Add([time, .. row]));
        return rows;
    }

    private string[] Columns => columns;

    public void Write(TextWriter output, BmcForm form, bool withHeader = true)
    {
        switch (form)
        {
            case BmcForm.Table:
                WriteTable(output);
                break;
            case BmcForm.Csv:
                WriteCsv(output, withHeader);
                break;
            case BmcForm.JsonLines:
                _rows.ForEach(row => output.WriteLine(JsonText.Of(json => WriteObject(json, row))));
                break;
            case BmcForm.Json:
                output.WriteLine(JsonText.Of(json =>
                {
                    json.WriteStartArray();
                    _rows.ForEach(row => WriteObject(json, row));
                    json.WriteEndArray();
                }));
                break;
        }
    }

    private void WriteTable(TextWriter output)
    {
        var cells = _rows.Select(row => row.Select(Text).ToArray()).Prepend([.. columns.Select(c => c.ToUpperInvariant())]).ToList();
        var widths = Enumerable.Range(0, columns.Length).Select(i => cells.Max(row => row[i].Length)).ToArray();
        var numeric = Enumerable.Range(0, columns.Length).Select(i => _rows.Count > 0 && _rows.TrueForAll(row => row[i] is null or double or int)).ToArray();
        foreach (var row in cells)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, i) => numeric[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
        }
    }

    // RFC 4180: quotes where a value has a comma, a quote or a line's end.
    private void WriteCsv(TextWriter output, bool withHeader)
    {
        if (withHeader)
        {
            output.WriteLine(string.Join(',', columns));
        }

        foreach (var row in _rows)
        {
            output.WriteLine(string.Join(',', row.Select(Text).Select(cell =>
                cell.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell)));
        }
    }

    private void WriteObject(Utf8JsonWriter json, object?[] row)
    {
        json.WriteStartObject();
        for (var i = 0; i < columns.Length; i++)
        {
            json.WritePropertyName(columns[i]);
            switch (row[i])
            {
                case null:
                    json.WriteNullValue();
                    break;
                case double number:
                    json.WriteNumberValue(number);
                    break;
                case int number:
                    json.WriteNumberValue(number);
                    break;
                case bool truth:
                    json.WriteBooleanValue(truth);
                    break;
                case IEnumerable<string> list:
                    json.WriteStartArray();
                    foreach (var item in list)
                    {
                        json.WriteStringValue(item);
                    }

                    json.WriteEndArray();
                    break;
                case var other:
                    json.WriteStringValue(Text(other));
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        double number => number.ToString("G6", CultureInfo.InvariantCulture),
        bool truth => truth ? "yes" : "no",
        IEnumerable<string> list => string.Join("; ", list),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };
}
