namespace Farwire.CommandLine.Documentation;

/// <summary>A program as its pages and its completion know it.</summary>
/// <param name="Name">What it is called; <c>farwire bmc</c> is a word of another program.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Words">What its first word may be.</param>
/// <param name="Switches">Its switches as they are typed; those that take a value after a colon end in it.</param>
/// <param name="Chapters">What it says about itself, by title.</param>
internal sealed record ProgramGrammar(string Name, string Summary, IReadOnlyList<string> Words, IReadOnlyList<string> Switches, IReadOnlyList<(string Title, string Text)> Chapters)
{
    /// <summary>The section of the manual.</summary>
    public int Section { get; init; } = 1;

    /// <summary>Pages to look at next.</summary>
    public IReadOnlyList<string> SeeAlso { get; init; } = [];
}
