namespace Farwire.Shells;

/// <summary>The streams of a command.</summary>
/// <remarks>MS-WSMV, "Stream".</remarks>
internal static class StreamNames
{
    public const string Input = "stdin";
    public const string Output = "stdout";
    public const string Errors = "stderr";

    public static bool Has(this IReadOnlyList<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
