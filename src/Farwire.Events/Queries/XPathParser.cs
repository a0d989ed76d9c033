namespace Farwire.Events.Queries;

/// <summary>Parses the XPath 1.0 subset of event queries.</summary>
/// <remarks>
/// Windows Event Log, "XPath 1.0 limitations": child and attribute axes, <c>and</c> and <c>or</c>, six comparisons, <c>position</c>, <c>band</c> and
/// <c>timediff</c>. The limits below bound what one query may cost.
/// </remarks>
internal sealed class XPathParser
{
    /// <summary>Characters of one XPath.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Comparisons and tests of one XPath. Windows stops at 32; published queries stay below 25.</summary>
    public const int MaxTerms = 512;

    /// <summary>Brackets and parentheses inside each other.</summary>
    public const int MaxDepth = 32;

    private readonly XPathLexer _lexer;
    private int _terms;
    private int _depth;

    private XPathParser(string text) => _lexer = new XPathLexer(text);

    /// <summary>Parses a query whose first names are seen from above <c>Event</c>.</summary>
    public static XPathNode Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new EventQueryException($"the query has {text.Length} characters; at most {MaxLength} are taken.");
        }

        var parser = new XPathParser(text);
        var query = parser.Or(atTop: true);
        return parser._lexer.Token == XPathToken.End ? query : throw parser._lexer.Unexpected("'and', 'or' or its end");
    }

    private XPathNode Or(bool atTop)
    {
        var left = And(atTop);
        while (_lexer.Token == XPathToken.Or)
        {
            _lexer.Next();
            left = new LogicNode(false, left, And(atTop));
        }

        return left;
    }

    private XPathNode And(bool atTop)
    {
        var left = Comparison(atTop);
        while (_lexer.Token == XPathToken.And)
        {
            _lexer.Next();
            left = new LogicNode(true, left, Comparison(atTop));
        }

        return left;
    }

    private XPathNode Comparison(bool atTop)
    {
        if (++_terms > MaxTerms)
        {
            throw new EventQueryException($"the query has more than {MaxTerms} terms.");
        }

        var left = Primary(atTop);
        if (_lexer.Token is not (XPathToken.Equal or XPathToken.NotEqual or XPathToken.Less or XPathToken.LessOrEqual or XPathToken.Greater or XPathToken.GreaterOrEqual))
        {
            return left is LiteralNode ? throw _lexer.Unexpected("a comparison after a text") : left;
        }

        if (left is LogicNode or CompareNode)
        {
            throw _lexer.Unexpected("a value on the left of a comparison");
        }

        var comparison = _lexer.Token;
        _lexer.Next();
        var right = Primary(atTop);
        return right is LogicNode or CompareNode
            ? throw _lexer.Unexpected("a value on the right of a comparison")
            : new CompareNode(comparison, left, right);
    }

    private XPathNode Primary(bool atTop)
    {
        switch (_lexer.Token)
        {
            case XPathToken.OpenParenthesis:
                Enter();
                _lexer.Next();
                var inner = Or(atTop);
                Expect(XPathToken.CloseParenthesis, "')'");
                _depth--;
                return inner;
            case XPathToken.Number:
                var number = new NumberNode(_lexer.Number);
                _lexer.Next();
                return number;
            case XPathToken.Literal:
                var literal = new LiteralNode(_lexer.Text);
                _lexer.Next();
                return literal;
            case XPathToken.Slash when atTop:
                _lexer.Next();
                return Path(atTop, null);
            case XPathToken.Name:
                var name = _lexer.Text;
                _lexer.Next();
                return _lexer.Token == XPathToken.OpenParenthesis ? Function(name, atTop) : Path(atTop, name);
            case XPathToken.Star or XPathToken.At:
                return Path(atTop, null);
            default:
                throw _lexer.Unexpected("a name, a number, a text or '('");
        }
    }

    private XPathNode Function(string name, bool atTop)
    {
        Enter();
        _lexer.Next();
        XPathNode result;
        switch (name)
        {
            case "position":
                result = new PositionNode();
                break;
            case "band":
                var left = Primary(atTop);
                Expect(XPathToken.Comma, "','");
                result = new BandNode(left, Primary(atTop));
                break;
            case "timediff":
                var from = Primary(atTop);
                XPathNode? to = null;
                if (_lexer.Token == XPathToken.Comma)
                {
                    _lexer.Next();
                    to = Primary(atTop);
                }

                result = new TimeDiffNode(from, to);
                break;
            default:
                throw new EventQueryException($"the function '{name}' is none of position, band and timediff, which event queries know.");
        }

        Expect(XPathToken.CloseParenthesis, "')'");
        _depth--;
        return result;
    }

    private PathNode Path(bool atTop, string? firstName)
    {
        var steps = new List<XPathStep> { Step(atTop, firstName) };
        while (_lexer.Token == XPathToken.Slash)
        {
            if (steps[^1].IsAttribute)
            {
                throw _lexer.Unexpected("nothing after an attribute");
            }

            _lexer.Next();
            steps.Add(Step(atTop: false, null));
        }

        return new PathNode([.. steps]);
    }

    private XPathStep Step(bool atTop, string? name)
    {
        var isAttribute = false;
        if (name is not null && _lexer.Token == XPathToken.Axis)
        {
            isAttribute = name switch
            {
                "attribute" => true,
                "child" => false,
                _ => throw new EventQueryException($"the axis '{name}' is none of child and attribute, which event queries know."),
            };
            _lexer.Next();
            name = null;
        }
        else if (_lexer.Token == XPathToken.At && name is null)
        {
            isAttribute = true;
            _lexer.Next();
        }

        var any = false;
        if (name is null)
        {
            any = _lexer.Token == XPathToken.Star;
            name = any ? null : _lexer.Token == XPathToken.Name ? _lexer.Text : throw _lexer.Unexpected("a name or '*'");
            _lexer.Next();
        }

        if (atTop && (isAttribute || (name is not null && name != "Event")))
        {
            throw new EventQueryException($"a query begins with '*' or 'Event', not with '{name}'.");
        }

        var predicates = new List<XPathNode>();
        while (_lexer.Token == XPathToken.OpenBracket)
        {
            if (isAttribute)
            {
                throw _lexer.Unexpected("no predicate on an attribute");
            }

            Enter();
            _lexer.Next();
            predicates.Add(Or(atTop: false));
            Expect(XPathToken.CloseBracket, "']'");
            _depth--;
        }

        return new XPathStep(isAttribute, name, predicates);
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new EventQueryException($"brackets lie more than {MaxDepth} deep.");
        }
    }

    private void Expect(XPathToken token, string wanted)
    {
        if (_lexer.Token != token)
        {
            throw _lexer.Unexpected(wanted);
        }

        _lexer.Next();
    }
}
