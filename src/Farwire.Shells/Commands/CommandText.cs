using System.Text;
using Farwire.Processes.Launch;
using Farwire.Protocol.Shell;
using Farwire.Service.Plugins;

namespace Farwire.Shells.Commands;

/// <summary>From the command line of a request to the program that runs.</summary>
/// <remarks>MS-WSMV, "CommandLine": the command and its arguments are joined by blanks, unquoted.</remarks>
internal static class CommandText
{
    // $0 is the line
    private const string WithProfile = "[ ! -r ~/.profile ] || . ~/.profile >/dev/null 2>&1 </dev/null; eval \"$0\"";

    /// <summary>The line that <c>/bin/sh</c> reads.</summary>
    /// <param name="command">The command.</param>
    /// <param name="profile">The account's ~/.profile is read first, as at a login: its variables count, what it says does not.</param>
    public static ProgramStart ForShell(CommandLine command, bool profile) => new("/bin/sh", profile ? ["-c", WithProfile, Join(command)] : ["-c", Join(command)]);

    /// <summary>The program of a custom shell, with its own arguments and then those of the command.</summary>
    public static ProgramStart ForCustomShell(CustomShell shell, CommandLine command) =>
        new(PluginVariables.Expand(shell.Program), [.. Split(PluginVariables.Expand(shell.Arguments)), .. Split(Join(command))]);

    /// <summary>The program itself. Arguments are split at blanks; double quotes hold together what they enclose.</summary>
    public static ProgramStart ForProgram(CommandLine command)
    {
        var words = Split(Join(command));
        return words.Count == 0 ? new ProgramStart("", []) : new ProgramStart(words[0], words[1..]);
    }

    internal static string Join(CommandLine command)
    {
        var text = command.Command.Trim();
        if (command.Arguments.Count > 0)
        {
            text = $"{text} {string.Join(' ', command.Arguments)}";
        }

        // Some clients wrap the whole line in quotes, which cmd /c takes off unless they enclose a program's name.
        return text.Length > 2 && text[0] == '"' && text.IndexOf('"', 1) == text.Length - 1 && text.Contains(' ', StringComparison.Ordinal) && !File.Exists(text[1..^1])
            ? text[1..^1]
            : text;
    }

    internal static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool quoted = false, started = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && line[i + 1] == '"')
            {
                word.Append(line[++i]);
                started = true;
            }
            else if (c == '"')
            {
                quoted = !quoted;
                started = true;
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                if (started)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    started = false;
                }
            }
            else
            {
                word.Append(c);
                started = true;
            }
        }

        if (started)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
