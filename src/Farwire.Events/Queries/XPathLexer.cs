using System.Globalization;

namespace Farwire.Events.Queries;

internal enum XPathToken
{
    End, Name, Number, Literal, Star, At, Slash, OpenBracket, CloseBracket, OpenParenthesis, CloseParenthesis, Comma, Axis,
    Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, And, Or,
}

/// <summary>Takes an XPath of the event subset apart.</summary>
/// <remarks>XPath 1.0, "Lexical Structure". <c>AND</c> and <c>OR</c> are taken in any case: published subscriptions write them so.</remarks>
internal sealed class XPathLexer
{
    private readonly string _text;
    private int _at;
    private bool _operandBefore;

    public XPathLexer(string text)
    {
        _text = text;
        Next();
    }

    public XPathToken Token { get; private set; }

    public string Text { get; private set; } = "";

    public decimal Number { get; private set; }

    public int Position { get; private set; }

    public void Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        Position = _at;
        Token = Read();

        // A name after an operand is an operator; else it is a name: an element may be called "or".
        _operandBefore = Token is XPathToken.Name or XPathToken.Number or XPathToken.Literal or XPathToken.Star
            or XPathToken.CloseBracket or XPathToken.CloseParenthesis;
    }

    public EventQueryException Unexpected(string wanted)
    {
        var found = Token == XPathToken.End ? "it ends" : $"it has '{_text[Position.._at]}'";
        return new EventQueryException($"the query needs {wanted} at character {Position + 1}, where {found}: {_text}");
    }

    private XPathToken Read()
    {
        if (_at == _text.Length)
        {
            return XPathToken.End;
        }

        var c = _text[_at];
        switch (c)
        {
            case '*': return Single(XPathToken.Star);
            case '@': return Single(XPathToken.At);
            case '/': return Single(XPathToken.Slash);
            case '[': return Single(XPathToken.OpenBracket);
            case ']': return Single(XPathToken.CloseBracket);
            case '(': return Single(XPathToken.OpenParenthesis);
            case ')': return Single(XPathToken.CloseParenthesis);
            case ',': return Single(XPathToken.Comma);
            case '=': return Single(XPathToken.Equal);
            case '!' when Follows('='): return Double(XPathToken.NotEqual);
            case '<': return Follows('=') ? Double(XPathToken.LessOrEqual) : Single(XPathToken.Less);
            case '>': return Follows('=') ? Double(XPathToken.GreaterOrEqual) : Single(XPathToken.Greater);
            case ':' when Follows(':'): return Double(XPathToken.Axis);
            case '\'' or '"': return Literal(c);
        }

        if (char.IsAsciiDigit(c) || (c is '.' or '-' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
        {
            return ReadNumber();
        }

        if (char.IsLetter(c) || c == '_')
        {
            var start = _at;
            while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '.'))
            {
                _at++;
            }

            Text = _text[start.._at];
            return _operandBefore && Text.Equals("and", StringComparison.OrdinalIgnoreCase) ? XPathToken.And
                : _operandBefore && Text.Equals("or", StringComparison.OrdinalIgnoreCase) ? XPathToken.Or
                : XPathToken.Name;
        }

        _at++;
        throw new EventQueryException($"the query has '{c}' at character {_at}, which event queries do not know: {_text}");
    }

    private bool Follows(char c) => _at + 1 < _text.Length && _text[_at + 1] == c;

    private XPathToken Single(XPathToken token)
    {
        _at++;
        return token;
    }

    private XPathToken Double(XPathToken token)
    {
        _at += 2;
        return token;
    }

    private XPathToken Literal(char quote)
    {
        var end = _text.IndexOf(quote, _at + 1);
        if (end < 0)
        {
            throw new EventQueryException($"the text that begins at character {_at + 1} has no closing {quote}: {_text}");
        }

        Text = _text[(_at + 1)..end];
        _at = end + 1;
        return XPathToken.Literal;
    }

    private XPathToken ReadNumber()
    {
        var start = _at;
        _at++;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '.'))
        {
            _at++;
        }

        Text = _text[start.._at];
        if (!EventNumber.TryParse(Text, out var number))
        {
            throw new EventQueryException(string.Create(CultureInfo.InvariantCulture, $"'{Text}' at character {start + 1} is not a number: {_text}"));
        }

        Number = number;
        return XPathToken.Number;
    }
}
