using System.Globalization;

namespace Farwire.CommandLine.Explain;

/// <summary>An error number as people have it: decimal, with the sign that Windows prints, or hexadecimal.</summary>
internal static class ErrorNumber
{
    public static bool TryParse(string text, out uint code)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
        }

        var isSigned = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed);
        code = unchecked((uint)signed);
        return isSigned || uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code);
    }
}
