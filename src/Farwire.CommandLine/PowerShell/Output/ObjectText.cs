using System.Globalization;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;

namespace Farwire.CommandLine.PowerShell.Output;

/// <summary>A value of a remote object as one piece of text, as PowerShell shows it in a cell.</summary>
internal static class ObjectText
{
    private const int ShownItems = 4; // as $FormatEnumerationLimit

    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        bool b => b ? "True" : "False",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        char c => c.ToString(),
        byte[] bytes => Items(bytes, bytes.Length),
        RemoteList list => Items(list, list.Count),
        RemoteDictionary dictionary => Items(dictionary.Select(e => (object)$"[{Of(e.Key)}, {Of(e.Value)}]"), dictionary.Count),
        RemoteObject { Text: null, Value: RemoteList or RemoteDictionary } held => Of(held.Value),
        RemoteObject { Value: DateTime or DateTimeOffset or TimeSpan } held => Of(held.Value),
        RemoteObject held => held.ToString(),
        _ => new OutputRecord(value).ToString(),
    };

    /// <summary>Nothing that a stranger wrote may move the terminal's cursor.</summary>
    public static string OneLine(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0 && !text.Contains('\x7F', StringComparison.Ordinal)
        ? text
        : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>The named values of an object; null when it is a value by itself.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>>? PropertiesOf(object? value) => value switch
    {
        RemoteObject { HasValue: true, Value: RemoteDictionary dictionary } => [.. dictionary.Select(e => KeyValuePair.Create(Of(e.Key), e.Value))],
        RemoteObject { HasValue: true } => null, // a number or text with notes on where it comes from
        RemoteObject found => [.. found.PropertyNames.Where(n => !IsNote(n)).Select(n => KeyValuePair.Create(n, found[n]))],
        _ => null,
    };

    // What remoting itself adds to every object.
    private static bool IsNote(string name) => name is "PSComputerName" or "RunspaceId" or "PSShowComputerName" or "PSSourceJobInstanceId";

    private static string Items(System.Collections.IEnumerable items, int count) =>
        $"{{{string.Join(", ", items.Cast<object?>().Take(ShownItems).Select(Of))}{(count > ShownItems ? "…" : "")}}}";
}
