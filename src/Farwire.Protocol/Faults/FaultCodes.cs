using System.Collections.Frozen;
using System.Globalization;

namespace Farwire.Protocol.Faults;

/// <summary>The error codes of WS-Management and their names.</summary>
/// <remarks>MS-WSMV, "Common error codes"; Windows SDK, wsmerror.h.</remarks>
public static class FaultCodes
{
    private static readonly Lazy<FrozenDictionary<uint, string>> Symbols = new(Load);

    /// <summary>The symbolic name of <paramref name="code"/>, or null.</summary>
    public static string? Symbol(uint code) => Symbols.Value.GetValueOrDefault(code);

    /// <summary>All codes with their names.</summary>
    public static IEnumerable<KeyValuePair<uint, string>> All => Symbols.Value;

    // faultcodes.tsv: code in decimal, tab, symbol; one a line
    private static FrozenDictionary<uint, string> Load()
    {
        using var stream = typeof(FaultCodes).Assembly.GetManifestResourceStream("Farwire.Protocol.Faults.faultcodes.tsv")!;
        using var reader = new StreamReader(stream);
        var symbols = new Dictionary<uint, string>(600);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            symbols[uint.Parse(line.AsSpan(0, tab), CultureInfo.InvariantCulture)] = line[(tab + 1)..];
        }

        return symbols.ToFrozenDictionary();
    }
}
