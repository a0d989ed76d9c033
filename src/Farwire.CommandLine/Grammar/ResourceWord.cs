using Farwire.Protocol.Addressing;

namespace Farwire.CommandLine.Grammar;

/// <summary>A resource on the command line: <c>wmicimv2/Win32_Service?Name=WinRM+Other=x</c>.</summary>
/// <param name="Uri">The resource URI, its alias expanded.</param>
/// <param name="Selectors">The keys after the question mark.</param>
public sealed record ResourceWord(string Uri, SelectorSet Selectors)
{
    /// <summary>Reads the word.</summary>
    /// <exception cref="UsageException">A selector without a value.</exception>
    public static ResourceWord Parse(string word)
    {
        try
        {
            var reference = ResourceText.Parse(word);
            return new ResourceWord(reference.ResourceUri!, reference.Selectors);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
