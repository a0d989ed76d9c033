using System.Text;

namespace Farwire.Cim.Wql;

internal enum WqlTokenKind
{
    End,
    Name,
    Text,
    Number,
    Symbol,
    Path,
}

internal readonly record struct WqlToken(WqlTokenKind Kind, string Text, int Position)
{
    public bool Is(string symbol) => Kind == WqlTokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == WqlTokenKind.Name && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts a query into tokens.</summary>
internal sealed class WqlLexer(string text)
{
    private int _position;

    public WqlToken Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }

        var start = _position;
        if (start >= text.Length)
        {
            return new WqlToken(WqlTokenKind.End, "", start + 1);
        }

        var c = text[start];
        if (char.IsLetter(c) || c == '_')
        {
            return Take(WqlTokenKind.Name, static c => char.IsLetterOrDigit(c) || c is '_' or '.');
        }

        if (char.IsAsciiDigit(c) || (c is '-' or '+' or '.' && start + 1 < text.Length && (char.IsAsciiDigit(text[start + 1]) || text[start + 1] == '.')))
        {
            return TakeNumber();
        }

        if (c is '"' or '\'')
        {
            return TakeText(c);
        }

        if (c == '{')
        {
            return TakePath();
        }

        var pair = start + 1 < text.Length ? text.Substring(start, 2) : "";
        var symbol = pair is "<=" or ">=" or "<>" or "!=" ? pair : c.ToString();
        _position += symbol.Length;
        return new WqlToken(WqlTokenKind.Symbol, symbol, start + 1);
    }

    private WqlToken Take(WqlTokenKind kind, Func<char, bool> belongs)
    {
        var start = _position;
        while (_position < text.Length && belongs(text[_position]))
        {
            _position++;
        }

        return new WqlToken(kind, text[start.._position], start + 1);
    }

    private WqlToken TakeNumber()
    {
        var start = _position++;
        while (_position < text.Length
            && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '.' || (text[_position] is '+' or '-' && text[_position - 1] is 'e' or 'E')))
        {
            _position++;
        }

        return new WqlToken(WqlTokenKind.Number, text[start.._position], start + 1);
    }

    // An object path up to the brace that closes it; one in quotes belongs to a value.
    private WqlToken TakePath()
    {
        var start = _position++;
        var quote = '\0';
        for (; _position < text.Length; _position++)
        {
            var c = text[_position];
            if (quote == '\0' && c == '}')
            {
                return new WqlToken(WqlTokenKind.Path, text[(start + 1).._position++], start + 1);
            }

            if (quote != '\0' && c == '\\')
            {
                _position++;
            }
            else if (c is '"' or '\'' && (quote == '\0' || quote == c))
            {
                quote = quote == '\0' ? c : '\0';
            }
        }

        throw new WqlException("the path in braces does not end", start + 1);
    }

    private WqlToken TakeText(char quote)
    {
        var start = _position++;
        var value = new StringBuilder();
        while (true)
        {
            if (_position >= text.Length)
            {
                throw new WqlException("the text in quotes does not end", start + 1);
            }

            var c = text[_position++];
            if (c == quote)
            {
                return new WqlToken(WqlTokenKind.Text, value.ToString(), start + 1);
            }

            if (c == '\\' && _position < text.Length && text[_position] is '\\' or '"' or '\'')
            {
                c = text[_position++];
            }

            value.Append(c);
        }
    }
}
