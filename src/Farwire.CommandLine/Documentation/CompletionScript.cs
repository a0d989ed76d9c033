using System.Text;

namespace Farwire.CommandLine.Documentation;

/// <summary>What a shell completes, from the grammar of the programs.</summary>
internal static class CompletionScript
{
    /// <summary>The script for a shell; null for one that is not known.</summary>
    /// <param name="shell">bash, zsh or fish.</param>
    /// <param name="main">The program that the others are words or links of.</param>
    /// <param name="programs">It and them.</param>
    public static string? For(string shell, string main, IReadOnlyList<ProgramGrammar> programs) => shell switch
    {
        "bash" => Bash(main, programs),
        "zsh" => Zsh(main, programs),
        "fish" => Fish(main, programs),
        _ => null,
    };

    private static string Bash(string main, IReadOnlyList<ProgramGrammar> programs)
    {
        var function = "_" + main;
        return $$"""
            # Completion for bash, made from the grammar of the commands.
            {{function}}() {
                local current=${COMP_WORDS[COMP_CWORD]} face=${COMP_WORDS[0]##*/} first=1 words='' switches=''
                if [ "$face" = {{main}} ] && [ "$COMP_CWORD" -gt 1 ] && [[ " {{Inner(main, programs)}} " == *" ${COMP_WORDS[1]} "* ]]; then
                    face=${COMP_WORDS[1]} first=2
                fi
                case $face in
            {{Cases(programs, "        {0}) words='{1}' switches='{2}' ;;")}}
                esac
                if [[ $current == [-/]* ]]; then
                    COMPREPLY=($(compgen -W "$switches" -- "$current"))
                    [[ ${COMPREPLY[0]} != *: ]] || compopt -o nospace
                elif [ "$COMP_CWORD" = $first ]; then
                    COMPREPLY=($(compgen -W "$words" -- "$current"))
                fi
            }
            complete -o default -F {{function}} {{Commands(main, programs)}}

            """;
    }

    private static string Zsh(string main, IReadOnlyList<ProgramGrammar> programs) => $$"""
        #compdef {{Commands(main, programs)}}
        # Completion for zsh, made from the grammar of the commands.
        local face=${words[1]:t} first=2
        local -a names switches
        if [[ $face == {{main}} && $CURRENT -gt 2 && " {{Inner(main, programs)}} " == *" ${words[2]} "* ]]; then
            face=${words[2]} first=3
        fi
        case $face in
        {{Cases(programs, "    {0}) names=({1}) switches=({2}) ;;").Replace("\n", "\n", StringComparison.Ordinal)}}
        esac
        if [[ $PREFIX == [-/]* ]]; then
            compadd -S '' -- ${(M)switches:#*:}
            compadd -- ${switches:#*:}
        elif (( CURRENT == first )); then
            compadd -- $names
        else
            _files
        fi

        """;

    private static string Fish(string main, IReadOnlyList<ProgramGrammar> programs)
    {
        var text = new StringBuilder("# Completion for fish, made from the grammar of the commands.\n");
        foreach (var program in programs)
        {
            var face = FaceOf(program);
            var links = new List<string> { face == main ? $"complete -c {main} -n __fish_use_subcommand" : $"complete -c {main} -n '__fish_seen_subcommand_from {face}'" };
            if (IsCommand(program, main) && face != main)
            {
                links.Add($"complete -c {face}");
            }

            foreach (var link in links)
            {
                text.Append($"{link} -a '{string.Join(' ', program.Words)}'\n");
                text.Append(program.Switches.Count == 0 ? "" : $"{link} -a '{string.Join(' ', program.Switches)}'\n");
            }
        }

        return text.ToString();
    }

    private static string Cases(IReadOnlyList<ProgramGrammar> programs, string form) =>
        string.Join('\n', programs.Select(program => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, FaceOf(program), string.Join(' ', program.Words), string.Join(' ', program.Switches))));

    // "farwire bmc" is called bmc.
    private static string FaceOf(ProgramGrammar program) => program.Name[(program.Name.LastIndexOf(' ') + 1)..];

    private static bool IsCommand(ProgramGrammar program, string main) => program.Name == main || !program.Name.Contains(' ', StringComparison.Ordinal);

    private static string Inner(string main, IReadOnlyList<ProgramGrammar> programs) => string.Join(' ', programs.Where(program => program.Name != main).Select(FaceOf));

    private static string Commands(string main, IReadOnlyList<ProgramGrammar> programs) => string.Join(' ', programs.Where(program => IsCommand(program, main)).Select(FaceOf));
}
