using System.Globalization;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;

namespace Farwire.Cim.Wql;

/// <summary>Reads WQL: data, schema and event queries, and what belongs to what.</summary>
/// <remarks>
/// <code>
/// query = SELECT ( "*" | name {"," name} ) FROM class [WITHIN n] [WHERE or] [GROUP WITHIN n [BY name {"," name}] [HAVING or]]
///       | ( ASSOCIATORS | REFERENCES ) OF "{" path "}" [WHERE clause {clause}]
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
    private readonly List<string> _seen = [];

    private WqlParser(string text)
    {
        _lexer = new WqlLexer(text);
        _token = _lexer.Next();
    }

    public static WqlStatement Parse(string text) => text.Length <= MaxLength
        ? new WqlParser(text).ParseStatement()
        : throw new WqlException($"a query has at most {MaxLength} characters", MaxLength) { IsLimit = true };

    private WqlStatement ParseStatement()
    {
        WqlStatement statement = _token.IsWord("associators") || _token.IsWord("references") ? ParseAssociation() : ParseQuery();
        while (_token.Is(";"))
        {
            Take();
        }

        return _token.Kind == WqlTokenKind.End ? statement : throw Error("the end of the query was expected");
    }

    // clause = (AssocClass | ResultClass | ResultRole | Role | RequiredQualifier | RequiredAssocQualifier) "=" name | ClassDefsOnly | SchemaOnly | KeysOnly

    private WqlAssociation ParseAssociation()
    {
        var references = _token.IsWord("references");
        Take();
        Word("OF");
        var token = _token;
        if (token.Kind != WqlTokenKind.Path || CimObjectPath.Parse(token.Text) is not { } path)
        {
            throw Error("an object path in braces was expected");
        }

        Take();
        var association = new WqlAssociation(path, references);
        if (!TakeIf("where"))
        {
            return association;
        }

        do
        {
            association = ParseClause(association);
        }
        while (_token.Kind == WqlTokenKind.Name);
        return association switch
        {
            { ClassDefinitionsOnly: true, ResultClass: not null } => throw Error("ClassDefsOnly excludes ResultClass"),
            { SchemaOnly: true, Object.IsClass: false } => throw Error("SchemaOnly asks about a class, not an instance"),
            { SchemaOnly: false, Object.IsClass: true } => throw Error("the path of an instance was expected, or SchemaOnly"),
            _ => association,
        };
    }

    private WqlAssociation ParseClause(WqlAssociation association)
    {
        var clause = Name("a clause such as ResultClass");
        if (_seen.Contains(clause, StringComparer.OrdinalIgnoreCase))
        {
            throw Error($"{clause} stands twice");
        }

        _seen.Add(clause);
        switch (clause.ToUpperInvariant())
        {
            case "CLASSDEFSONLY": return association with { ClassDefinitionsOnly = true };
            case "SCHEMAONLY": return association with { SchemaOnly = true };
            case "KEYSONLY": return association with { KeysOnly = true };
        }

        Symbol("=");
        var name = Name("a name");
        return clause.ToUpperInvariant() switch
        {
            "RESULTCLASS" => association with { ResultClass = name },
            "ROLE" => association with { Role = name },
            "REQUIREDQUALIFIER" => association with { RequiredQualifier = name },
            "ASSOCCLASS" when !association.WantsAssociations => association with { AssociationClass = name },
            "RESULTROLE" when !association.WantsAssociations => association with { ResultRole = name },
            "REQUIREDASSOCQUALIFIER" when !association.WantsAssociations => association with { RequiredAssociationQualifier = name },
            _ => throw Error($"'{clause}' is no clause of this statement"),
        };
    }

    private WqlQuery ParseQuery()
    {
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
        var within = TakeIf("within") ? Seconds() : (TimeSpan?)null;
        var where = TakeIf("where") ? ParseOr() : null;
        return new WqlQuery(className, names, where) { Within = within, Group = TakeIf("group") ? ParseGroup() : null };
    }

    private WqlGroup ParseGroup()
    {
        Word("WITHIN");
        var within = Seconds();
        var by = new List<string>();
        if (TakeIf("by"))
        {
            by.Add(Name("a property"));
            while (_token.Is(","))
            {
                Take();
                by.Add(by.Count < MaxNames ? Name("a property") : throw Error($"at most {MaxNames} properties are grouped by"));
            }
        }

        return new WqlGroup(within, by, TakeIf("having") ? ParseOr() : null);
    }

    private TimeSpan Seconds()
    {
        var token = _token;
        if (token.Kind != WqlTokenKind.Number || !double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is not (> 0 and < 1e6))
        {
            throw Error("a number of seconds was expected");
        }

        Take();
        return TimeSpan.FromSeconds(seconds);
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
            throw new WqlException($"the condition is nested more than {MaxDepth} deep", _token.Position) { IsLimit = true };
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
            throw new WqlException($"the condition has more than {MaxTerms} tests", _token.Position) { IsLimit = true };
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
