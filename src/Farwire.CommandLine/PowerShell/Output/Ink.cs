using System.Text.RegularExpressions;

namespace Farwire.CommandLine.PowerShell.Output;

/// <summary>Colours of the terminal, where it has some.</summary>
/// <remarks>ECMA-48, "Select Graphic Rendition". NO_COLOR switches them off.</remarks>
/// <param name="isOn">The stream is a terminal, and colours are wanted.</param>
internal sealed partial class Ink(bool isOn)
{
    // System.ConsoleColor orders by bits of blue, green and red; terminals by red, green and blue.
    private static readonly int[] Colours = [30, 34, 32, 36, 31, 35, 33, 37, 90, 94, 92, 96, 91, 95, 93, 97];

    public string Red(string text) => Wrap("31", text);

    public string Yellow(string text) => Wrap("33", text);

    public string Faint(string text) => Wrap("2", text);

    /// <summary>Text in the colours of <c>Write-Host</c>; a colour out of range is none.</summary>
    public string Of(int foreground, int background, string text) =>
        foreground is >= 0 and < 16 && background is > 0 and < 16 ? Wrap($"{Colours[foreground]};{Colours[background] + 10}", text)
        : foreground is >= 0 and < 16 ? Wrap($"{Colours[foreground]}", text) // black behind is what most terminals have anyway
        : text;

    /// <summary>What the other side has coloured, without its colours where they are not wanted.</summary>
    public string Of(string text) => isOn || !text.Contains('\x1B', StringComparison.Ordinal) ? text : Sequence().Replace(text, "");

    private string Wrap(string codes, string text) => isOn && text.Length > 0 ? $"\x1B[{codes}m{text}\x1B[0m" : text;

    [GeneratedRegex("\x1B(\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1B]*(\x07|\x1B\\\\))")]
    private static partial Regex Sequence();
}
