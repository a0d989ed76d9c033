using System.Globalization;

namespace Farwire.Protocol.Faults;

/// <summary>What an error number means, in the form of <c>winrm helpmsg</c>: the number and its name, and the sentence where there is one.</summary>
public static class ErrorText
{
    /// <summary>The text of <paramref name="code"/>, without a line end; null when the number is not known.</summary>
    public static string? Of(uint code)
    {
        var symbol = FaultCodes.Symbol(code);
        var text = FaultCatalog.Find(code)?.Text(null);
        var name = string.Create(CultureInfo.InvariantCulture, $"{code} (0x{code:X8}) {symbol}").TrimEnd();
        return text is not null ? $"{name}\n{text}" : symbol is not null ? name : null;
    }
}
