using System.Globalization;
using System.Text;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.PowerShell;

/// <summary>A line of commands without code, taken apart: <c>Get-Service -Name sshd, cron | Select-Object Name; Get-Date</c>.</summary>
/// <remarks>
/// An endpoint without language (JEA) refuses code, and takes commands with parameters that the client has found in the line. Understood are words, both
/// kinds of quotes, numbers, <c>$true</c>, <c>$false</c>, <c>$null</c>, lists with commas, pipes and semicolons; all else is code and refused here.
/// </remarks>
internal sealed class CommandWords
{
    private const string Code = "@{}()$&<>`#";

    private readonly string _line;
    private int _at;

    private CommandWords(string line) => _line = line;

    /// <summary>Takes a line apart into statements, each a pipeline.</summary>
    /// <exception cref="UsageException">It is code, or nothing.</exception>
    public static IReadOnlyList<IReadOnlyList<PowerShellCommand>> Read(string line)
    {
        var words = new CommandWords(line);
        var statements = new List<IReadOnlyList<PowerShellCommand>>();
        do
        {
            if (words.ReadPipeline() is { Count: > 0 } pipeline)
            {
                statements.Add(pipeline);
            }
        }
        while (words.Skip(';'));
        return words._at < line.Length ? throw words.Refused()
            : statements.Count > 0 ? statements
            : throw new UsageException("there is no command in the line.");
    }

    private List<PowerShellCommand> ReadPipeline()
    {
        var commands = new List<PowerShellCommand>();
        do
        {
            SkipBlanks();
            if (_at == _line.Length || _line[_at] == ';')
            {
                return commands.Count == 0 ? commands : throw new UsageException("a command is missing after |.");
            }

            var name = ReadWord(out _);
            var parameters = new List<KeyValuePair<string?, object?>>();
            while (SkipBlanks() && _at < _line.Length && _line[_at] is not ('|' or ';'))
            {
                parameters.Add(ReadParameter());
            }

            commands.Add(new PowerShellCommand(name) { Parameters = Paired(parameters) });
        }
        while (Skip('|'));
        return commands;
    }

    private KeyValuePair<string?, object?> ReadParameter()
    {
        if (_line[_at] == '-' && _at + 1 < _line.Length && char.IsLetter(_line[_at + 1]))
        {
            var start = ++_at;
            while (_at < _line.Length && (char.IsLetterOrDigit(_line[_at]) || _line[_at] == '_'))
            {
                _at++;
            }

            var name = _line[start.._at];
            return _at < _line.Length && _line[_at] == ':' && ++_at > 0 ? new(name, ReadValue()) : new(name, Missing.Value);
        }

        return new(null, ReadValue());
    }

    // A value after a name is the name's: without the command's declaration nobody here knows better. A name without one is a switch.
    private static List<KeyValuePair<string?, object?>> Paired(List<KeyValuePair<string?, object?>> parameters)
    {
        var paired = new List<KeyValuePair<string?, object?>>();
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Value is not Missing)
            {
                paired.Add(parameters[i]);
            }
            else if (i + 1 < parameters.Count && parameters[i + 1].Key is null)
            {
                paired.Add(new(parameters[i].Key, parameters[++i].Value));
            }
            else
            {
                paired.Add(new(parameters[i].Key, true));
            }
        }

        return paired;
    }

    private object? ReadValue()
    {
        var first = ReadItem();
        if (!SkipComma())
        {
            return first;
        }

        var list = new RemoteList { first };
        do
        {
            list.Add(ReadItem());
        }
        while (SkipComma());
        return new RemoteObject { Value = list, HasValue = true, TypeNames = ["System.Object[]", "System.Array", "System.Object"] };
    }

    private object? ReadItem()
    {
        SkipBlanks();
        if (_at < _line.Length && _line[_at] == '$')
        {
            foreach (var (word, value) in (ReadOnlySpan<(string, object?)>)[("$true", true), ("$false", false), ("$null", null)])
            {
                if (_line.AsSpan(_at).StartsWith(word, StringComparison.OrdinalIgnoreCase))
                {
                    _at += word.Length;
                    return value;
                }
            }
        }

        var text = ReadWord(out var quoted);
        return quoted ? text
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real
            : text;
    }

    private string ReadWord(out bool quoted)
    {
        var word = new StringBuilder();
        quoted = false;
        while (_at < _line.Length && !char.IsWhiteSpace(_line[_at]) && _line[_at] is not ('|' or ';' or ','))
        {
            if (_line[_at] is '\'' or '"')
            {
                quoted = true;
                ReadQuoted(word);
            }
            else if (Code.Contains(_line[_at], StringComparison.Ordinal))
            {
                throw Refused();
            }
            else
            {
                word.Append(_line[_at++]);
            }
        }

        return word.Length > 0 || quoted ? word.ToString() : throw Refused();
    }

    // A quote twice is the quote itself; in double ones $ and ` would be code.
    private void ReadQuoted(StringBuilder word)
    {
        var quote = _line[_at++];
        while (true)
        {
            if (_at == _line.Length)
            {
                throw new UsageException($"a {quote} is open to the end of the line.");
            }

            var c = _line[_at++];
            if (c == quote && !(_at < _line.Length && _line[_at] == quote))
            {
                return;
            }

            if (c == quote)
            {
                _at++;
            }

            word.Append(quote == '"' && c is '$' or '`' ? throw Refused() : c);
        }
    }

    private bool SkipBlanks()
    {
        while (_at < _line.Length && char.IsWhiteSpace(_line[_at]))
        {
            _at++;
        }

        return true;
    }

    private bool SkipComma()
    {
        var before = _at;
        if (SkipBlanks() && Skip(','))
        {
            return true;
        }

        _at = before;
        return false;
    }

    private bool Skip(char c)
    {
        SkipBlanks();
        if (_at < _line.Length && _line[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private UsageException Refused() => new(
        $"an endpoint without language takes commands with words as parameters; at column {Math.Min(_at, _line.Length) + 1} of the line stands something else.");

    private enum Missing
    {
        Value,
    }
}
