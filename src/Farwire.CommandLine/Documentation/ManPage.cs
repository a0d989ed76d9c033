using System.Text;

namespace Farwire.CommandLine.Documentation;

/// <summary>A page of the manual, from what the program says about itself.</summary>
/// <remarks>man(7). The texts are laid out for a terminal already: they stand as they are.</remarks>
internal static class ManPage
{
    public static string Of(ProgramGrammar program, string version)
    {
        var name = program.Name.Replace(' ', '-');
        var page = new StringBuilder()
            .Append(Line($".TH {name.ToUpperInvariant()} {program.Section} \"\" \"Farwire {version}\" \"Farwire\""))
            .Append(Line(".SH NAME")).Append(Line($"{name} \\- {Escaped(program.Summary)}"));
        foreach (var (title, text) in program.Chapters)
        {
            page.Append(Line($".SH \"{Escaped(title.ToUpperInvariant())}\"")).Append(Line(".EX"));
            foreach (var line in text.Split('\n'))
            {
                page.Append(Line(Protected(Escaped(line))));
            }

            page.Append(Line(".EE"));
        }

        if (program.SeeAlso.Count > 0)
        {
            page.Append(Line(".SH \"SEE ALSO\"")).Append(Line(string.Join(", ", program.SeeAlso)));
        }

        return page.ToString();
    }

    private static string Line(string text) => text + "\n";

    private static string Escaped(string text) => text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("\"", "\\(dq", StringComparison.Ordinal);

    // A line that begins with a dot or a quote would be an order to the typesetter.
    private static string Protected(string line) => line.StartsWith('.') || line.StartsWith('\'') ? "\\&" + line : line;
}
