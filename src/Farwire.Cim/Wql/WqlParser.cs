using System.Globalization;
using Farwire.Cim.Instances;

namespace Farwire.Cim.Wql;

/// <summary>Reads data queries.</summary>
/// <remarks>
/// <code>
/// query = SELECT ( "*" | name {"," name} ) FROM class [WHERE or]
/// or    = and {OR and} ; and = not {AND not} ; not = NOT not | "(" or ")" | test
/// test  = name op constant | constant op name | name IS [NOT] NULL | name [NOT] LIKE text | name ISA text
/// </code>
/// </remarks>
internal sealed class WqlParser
{
    public const int MaxLength = 16 * 1024;
    private const int MaxDepth = 64;
    private const int MaxTerms = 1024;
    private const int MaxNames = 1024;

    private readonly WqlLexer _lexer;
    private WqlToken _token;
    private int _depth;
    private int _terms;

    private WqlParser(string text)
    {
        _lexer = new WqlLexer(text);
        _token = _lexer.Next();
    }

    public static WqlQuery Parse(string text) => text.Length <= MaxLength
        ? new WqlParser(text).ParseQuery()
        : throw new WqlException($"a query has at most {MaxLength} characters", MaxLength);

    private WqlQuery ParseQuery()
    {
        if (_token.IsWord("associators") || _token.IsWord("references"))
        {
            throw Error("only SELECT queries are served here");
        }

        Word("SELECT");
        var names = new List<string>();
        if (_token.Is("*"))
        {
            Take();
        }
        else
        {
            names.Add(Name("a property or '*'"));
            while (_token.Is(","))
            {
                Take();
                names.Add(names.Count < MaxNames ? Name("a property") : throw Error($"at most {MaxNames} properties are selected"));
            }
        }

        Word("FROM");
        var className = Name("a class");
        WqlCondition? where = null;
        if (_token.IsWord("where"))
        {
            Take();
            where = ParseOr();
        }

        while (_token.Is(";"))
        {
            Take();
        }

        return _token.Kind == WqlTokenKind.End ? new WqlQuery(className, names, where) : throw Error("the end of the query was expected");
    }

    private WqlCondition ParseOr()
    {
        var left = ParseAnd();
        while (_token.IsWord("or"))
        {
            Take();
            left = new WqlOr(left, ParseAnd());
        }

        return left;
    }

    private WqlCondition ParseAnd()
    {
        var left = ParseNot();
        while (_token.IsWord("and"))
        {
            Take();
            left = new WqlAnd(left, ParseNot());
        }

        return left;
    }

    private WqlCondition ParseNot()
    {
        if (++_depth > MaxDepth)
        {
            throw Error($"the condition is nested more than {MaxDepth} deep");
        }

        try
        {
            if (_token.IsWord("not"))
            {
                Take();
                return new WqlNot(ParseNot());
            }

            if (!_token.Is("("))
            {
                return ParseTest();
            }

            Take();
            var inner = ParseOr();
            Symbol(")");
            return inner;
        }
        finally
        {
            _depth--;
        }
    }

    private WqlCondition ParseTest()
    {
        if (++_terms > MaxTerms)
        {
            throw Error($"the condition has more than {MaxTerms} tests");
        }

        if (_token.Kind != WqlTokenKind.Name || _token.IsWord("true") || _token.IsWord("false") || _token.IsWord("null"))
        {
            var constant = Constant();
            var mirrored = Mirror(Operator());
            return Compare(Name("a property"), mirrored, constant);
        }

        var property = Name("a property");
        if (_token.IsWord("is"))
        {
            Take();
            var not = TakeIf("not");
            Word("NULL");
            return not ? new WqlNot(new WqlIsNull(property)) : new WqlIsNull(property);
        }

        if (_token.IsWord("isa"))
        {
            Take();
            return new WqlIsA(property, Text("a class name in quotes"));
        }

        var negated = TakeIf("not");
        if (negated || _token.IsWord("like"))
        {
            Word("LIKE");
            var like = new WqlLike(property, Text("a pattern in quotes"));
            return negated ? new WqlNot(like) : like;
        }

        var op = Operator();
        return Compare(property, op, Constant());
    }

    // "= NULL" is not in the language's description, but tools write it for IS NULL.
    private WqlCondition Compare(string property, WqlOperator op, CimValue constant) => (constant.IsNull, op) switch
    {
        (false, _) => new WqlComparison(property, op, constant),
        (true, WqlOperator.Equal) => new WqlIsNull(property),
        (true, WqlOperator.NotEqual) => new WqlNot(new WqlIsNull(property)),
        _ => throw Error("NULL is compared by IS NULL or IS NOT NULL"),
    };

    private WqlOperator Operator()
    {
        var op = _token.Kind == WqlTokenKind.Symbol ? _token.Text : "";
        WqlOperator? found = op switch
        {
            "=" => WqlOperator.Equal,
            "<>" or "!=" => WqlOperator.NotEqual,
            "<" => WqlOperator.Less,
            "<=" => WqlOperator.LessOrEqual,
            ">" => WqlOperator.Greater,
            ">=" => WqlOperator.GreaterOrEqual,
            _ => null,
        };
        if (found is null)
        {
            throw Error("one of = <> < <= > >= LIKE IS ISA was expected");
        }

        Take();
        return found.Value;
    }

    private static WqlOperator Mirror(WqlOperator op) => op switch
    {
        WqlOperator.Less => WqlOperator.Greater,
        WqlOperator.LessOrEqual => WqlOperator.GreaterOrEqual,
        WqlOperator.Greater => WqlOperator.Less,
        WqlOperator.GreaterOrEqual => WqlOperator.LessOrEqual,
        _ => op,
    };

    private CimValue Constant()
    {
        var token = _token;
        switch (token.Kind)
        {
            case WqlTokenKind.Text:
                Take();
                return token.Text;
            case WqlTokenKind.Number:
                Take();
                return Number(token);
            case WqlTokenKind.Name when token.IsWord("true") || token.IsWord("false"):
                Take();
                return token.IsWord("true");
            case WqlTokenKind.Name when token.IsWord("null"):
                Take();
                return default;
            default:
                throw Error("a constant was expected: a number, a text in quotes, TRUE, FALSE or NULL");
        }
    }

    private static CimValue Number(WqlToken token)
    {
        var text = token.Text.TrimStart('+');
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
                ? hex
                : throw new WqlException($"'{token.Text}' is not a hexadecimal number", token.Position);
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? (CimValue)whole
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var negative) ? (CimValue)negative
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? (CimValue)real
            : throw new WqlException($"'{token.Text}' is not a number", token.Position);
    }

    private void Take() => _token = _lexer.Next();

    private bool TakeIf(string word)
    {
        if (!_token.IsWord(word))
        {
            return false;
        }

        Take();
        return true;
    }

    private void Word(string word)
    {
        if (!TakeIf(word))
        {
            throw Error($"{word} was expected");
        }
    }

    private void Symbol(string symbol)
    {
        if (!_token.Is(symbol))
        {
            throw Error($"'{symbol}' was expected");
        }

        Take();
    }

    private string Name(string what)
    {
        if (_token.Kind != WqlTokenKind.Name)
        {
            throw Error($"{what} was expected");
        }

        var name = _token.Text;
        Take();
        return name;
    }

    private string Text(string what)
    {
        if (_token.Kind != WqlTokenKind.Text)
        {
            throw Error($"{what} was expected");
        }

        var text = _token.Text;
        Take();
        return text;
    }

    private WqlException Error(string problem) => new(
        _token.Kind == WqlTokenKind.End ? problem + ", but the query ends" : $"{problem}, not '{_token.Text}'", _token.Position);
}
