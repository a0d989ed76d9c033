using System.Globalization;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Explain;

/// <summary>The codes that people meet, with causes and fixes; of the others of WS-Management at least the name.</summary>
internal sealed class ExplanationTable
{
    private const uint Win32Facility = 0x80070000;

    private readonly List<Explanation> _rows = [];

    private ExplanationTable()
    {
        using var stream = typeof(ExplanationTable).Assembly.GetManifestResourceStream("Farwire.CommandLine.Explain.codes.tsv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            // family, number, symbol, meaning, causes, fixes; the last two hold several, parted by |
            var row = line.Split('\t');
            _rows.Add(new Explanation(row[0], Number(row[1]), row[2], row[3], List(row[4]), List(row[5])));
        }
    }

    public static ExplanationTable Instance { get; } = new();

    public IReadOnlyList<Explanation> Rows => _rows;

    /// <summary>All that goes by this number: it may mean different things to different people.</summary>
    public IReadOnlyList<Explanation> Find(uint code, string? family = null)
    {
        var found = _rows.Where(row => row.Code == code && IsOf(row, family)).ToList();
        if (found.Count == 0 && (code & 0xFFFF0000) == Win32Facility && family is null)
        {
            // An HRESULT around a Win32 code.
            found = [.. _rows.Where(row => row.Family == "Win32" && row.Code == (code & 0xFFFF))];
        }

        return found.Count == 0 && family is null or "wsman" && FaultCodes.Symbol(code) is { } symbol ? [ByName(code, symbol)] : found;
    }

    /// <summary>What goes by this name, with or without the family's prefix.</summary>
    public IReadOnlyList<Explanation> Find(string symbol)
    {
        var found = _rows.Where(row => row.Symbol.Equals(symbol, StringComparison.OrdinalIgnoreCase) || row.Symbol.Equals("ERROR_WSMAN_" + symbol, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count > 0 ? found
            : [.. FaultCodes.All.Where(code => code.Value.Equals(symbol, StringComparison.OrdinalIgnoreCase) || code.Value.Equals("ERROR_WSMAN_" + symbol, StringComparison.OrdinalIgnoreCase)).Select(code => ByName(code.Key, code.Value))];
    }

    /// <summary>The names nearest to a word that is none.</summary>
    public IEnumerable<string> Near(string word) => _rows.Select(row => row.Symbol).Concat(FaultCodes.All.Select(code => code.Value)).Distinct()
        .Where(symbol => symbol.Contains(word, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Take(5);

    // Of the codes without a row the catalogue's sentence, or what the name says.
    private static Explanation ByName(uint code, string symbol) => new(
        code < 0x10000 ? "Win32" : "WSMan",
        code,
        symbol,
        FaultCatalog.Find(code)?.Text(null) ?? $"WS-Management says: {symbol.Replace("ERROR_WSMAN_", "", StringComparison.Ordinal).Replace("ERROR_WINRS_", "", StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant()}.",
        [],
        []);

    private static bool IsOf(Explanation row, string? family) => family is null || row.Family.Equals(family, StringComparison.OrdinalIgnoreCase);

    private static uint Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? uint.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : uint.Parse(text, CultureInfo.InvariantCulture);

    private static string[] List(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
