using System.Text.Json;

namespace Farwire.CommandLine.Output;

/// <summary>A value in a row.</summary>
internal static class Cell
{
    /// <summary>Nothing for null, the parts of an array with blanks between, and JSON for what has names inside.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
