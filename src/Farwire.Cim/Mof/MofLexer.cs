using System.Buffers;
using System.Text;

namespace Farwire.Cim.Mof;

internal enum MofTokenKind
{
    End,
    Identifier,
    Text,
    Number,
    Character,
    Symbol,
}

internal readonly record struct MofToken(MofTokenKind Kind, string Text, int Line, int Column)
{
    public bool IsSymbol(char symbol) => Kind == MofTokenKind.Symbol && Text[0] == symbol;

    public bool IsWord(string word) => Kind == MofTokenKind.Identifier && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts MOF into tokens; comments and blanks fall away, adjacent strings grow together.</summary>
/// <remarks>DSP0004, "MOF syntax grammar description".</remarks>
internal sealed class MofLexer(string text)
{
    private static readonly string[] Symbols = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];
    private static readonly SearchValues<char> WordCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _words = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    private int _position;
    private int _line = 1;
    private int _lineStart;

    public MofToken Next()
    {
        SkipBlanks();
        var (line, column) = (_line, _position - _lineStart + 1);
        if (_position >= text.Length)
        {
            return new MofToken(MofTokenKind.End, "", line, column);
        }

        var c = text[_position];
        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new MofToken(MofTokenKind.Identifier, TakeWord(), line, column);
        }

        if (char.IsAsciiDigit(c) || (c is '-' or '+' or '.' && _position + 1 < text.Length && char.IsAsciiDigit(text[_position + 1])))
        {
            return new MofToken(MofTokenKind.Number, TakeNumber(), line, column);
        }

        switch (c)
        {
            case '"':
                return new MofToken(MofTokenKind.Text, TakeStrings(), line, column);
            case '\'':
                return new MofToken(MofTokenKind.Character, TakeQuoted('\''), line, column);
            default:
                _position++;
                return new MofToken(MofTokenKind.Symbol, c < Symbols.Length ? Symbols[c] : c.ToString(), line, column);
        }
    }

    public MofException Error(string problem) => new(problem, _line, _position - _lineStart + 1);

    private void SkipBlanks()
    {
        while (_position < text.Length)
        {
            var c = text[_position];
            if (c == '\n')
            {
                _position++;
                _line++;
                _lineStart = _position;
            }
            else if (char.IsWhiteSpace(c) || c == '\uFEFF')
            {
                _position++;
            }
            else if (c == '/' && Peek(1) == '/')
            {
                var end = text.IndexOf('\n', _position);
                _position = end < 0 ? text.Length : end;
            }
            else if (c == '/' && Peek(1) == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBlockComment()
    {
        var end = text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error("the comment does not end");
        }

        for (; _position < end + 2; _position++)
        {
            if (text[_position] == '\n')
            {
                _line++;
                _lineStart = _position + 1;
            }
        }
    }

    private char Peek(int ahead) => _position + ahead < text.Length ? text[_position + ahead] : '\0';

    // The same few words come again and again: each is one string.
    private string TakeWord()
    {
        var rest = text.AsSpan(_position);
        var length = rest.IndexOfAnyExcept(WordCharacters);
        var word = length < 0 ? rest : rest[..length];
        _position += word.Length;
        if (!_words.TryGetValue(word, out var known))
        {
            known = word.ToString();
            _words[word] = known;
        }

        return known;
    }

    private string TakeNumber()
    {
        var start = _position++;
        while (_position < text.Length
            && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '.' || (text[_position] is '+' or '-' && text[_position - 1] is 'e' or 'E')))
        {
            _position++;
        }

        return text[start.._position];
    }

    private string TakeStrings()
    {
        var first = TakeQuoted('"');
        StringBuilder? whole = null;
        while (true)
        {
            SkipBlanks();
            if (Peek(0) != '"')
            {
                return whole?.ToString() ?? first;
            }

            whole = (whole ?? new StringBuilder(first)).Append(TakeQuoted('"'));
        }
    }

    private string TakeQuoted(char quote)
    {
        _position++;
        var plain = text.AsSpan(_position).IndexOfAny(quote, '\\', '\n');
        if (plain >= 0 && text[_position + plain] == quote)
        {
            _position += plain + 1;
            return text.Substring(_position - plain - 1, plain);
        }

        var value = new StringBuilder();
        while (true)
        {
            if (_position >= text.Length || text[_position] == '\n')
            {
                throw Error("the text in quotes does not end on its line");
            }

            var c = text[_position++];
            if (c == quote)
            {
                return value.ToString();
            }

            value.Append(c == '\\' ? TakeEscape() : c);
        }
    }

    private char TakeEscape()
    {
        var c = Peek(0);
        _position++;
        switch (c)
        {
            case 'b': return '\b';
            case 't': return '\t';
            case 'n': return '\n';
            case 'f': return '\f';
            case 'r': return '\r';
            case 'x' or 'X':
                var digits = 0;
                var code = 0;
                while (digits < 4 && char.IsAsciiHexDigit(Peek(0)))
                {
                    code = (code * 16) + Convert.ToInt32(Peek(0).ToString(), 16);
                    _position++;
                    digits++;
                }

                return digits > 0 ? (char)code : throw Error("\\x needs hexadecimal digits");
            default: return c; // \" \' \\
        }
    }
}
