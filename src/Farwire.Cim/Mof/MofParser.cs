using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;

namespace Farwire.Cim.Mof;

/// <summary>Reads MOF: classes with their members; qualifier declarations and instances are checked and counted.</summary>
/// <remarks>DSP0004, "MOF syntax grammar description". <c>#pragma include</c> is not followed: there is no I/O here.</remarks>
internal sealed class MofParser
{
    public const int MaxCharacters = 64 * 1024 * 1024;
    private const int MaxMembers = 10_000;

    private readonly MofLexer _lexer;
    private MofToken _token;
    private string? _namespace;

    private MofParser(string text)
    {
        _lexer = new MofLexer(text);
        _token = _lexer.Next();
    }

    public static MofDocument Parse(string text)
    {
        if (text.Length > MaxCharacters)
        {
            throw new MofException($"the text is longer than {MaxCharacters} characters", 1, 1);
        }

        return new MofParser(text).ParseDocument();
    }

    // document = { pragma | qualifierDeclaration | [qualifiers] class | instance }

    private MofDocument ParseDocument()
    {
        var classes = new List<MofClass>();
        var qualifierDeclarations = 0;
        var instances = 0;
        while (_token.Kind != MofTokenKind.End)
        {
            if (_token.IsSymbol('#'))
            {
                ParsePragma();
                continue;
            }

            var qualifiers = ParseQualifiers();
            if (_token.IsWord("class"))
            {
                classes.Add(ParseClass(qualifiers));
            }
            else if (_token.IsWord("qualifier"))
            {
                SkipToSemicolon();
                qualifierDeclarations++;
            }
            else if (_token.IsWord("instance"))
            {
                SkipToSemicolon();
                instances++;
            }
            else
            {
                throw Error("'class', 'qualifier', 'instance' or '#pragma' was expected");
            }
        }

        return new MofDocument(classes, qualifierDeclarations, instances) { Namespace = _namespace };
    }

    // pragma = "#" "pragma" name "(" text ")"

    private void ParsePragma()
    {
        Take();
        if (!_token.IsWord("pragma"))
        {
            throw Error("'pragma' was expected");
        }

        Take();
        var pragma = Word("the pragma's name");
        Symbol('(');
        if (pragma.Equals("namespace", StringComparison.OrdinalIgnoreCase) && _token.Kind == MofTokenKind.Text)
        {
            _namespace = _token.Text.Replace('\\', '/').Trim('/');
        }

        while (_token.Kind is MofTokenKind.Text or MofTokenKind.Identifier or MofTokenKind.Number || _token.IsSymbol(','))
        {
            Take();
        }

        Symbol(')');
    }

    // qualifiers = "[" name [ "(" constant ")" | "{" constant, … "}" ] [ ":" flavour … ] { "," … } "]"

    private CimQualifiers ParseQualifiers()
    {
        if (!_token.IsSymbol('['))
        {
            return CimQualifiers.None;
        }

        var qualifiers = new List<CimQualifier>();
        do
        {
            Take();
            var name = Word("a qualifier");
            CimValue value = true;
            if (_token.IsSymbol('('))
            {
                Take();
                value = ParseConstant();
                Symbol(')');
            }
            else if (_token.IsSymbol('{'))
            {
                value = ParseArray();
            }

            if (_token.IsSymbol(':'))
            {
                Take();
                while (_token.Kind == MofTokenKind.Identifier)
                {
                    Take();
                }
            }

            qualifiers.Add(new CimQualifier(name, value));
        }
        while (_token.IsSymbol(','));
        Symbol(']');
        return new CimQualifiers(qualifiers);
    }

    // class = "class" name [ "as" "$" alias ] [ ":" superclass ] "{" { [qualifiers] member } "}" ";"

    private MofClass ParseClass(CimQualifiers qualifiers)
    {
        var (line, column) = (_token.Line, _token.Column);
        Take();
        var name = Word("the class's name");
        if (_token.IsWord("as"))
        {
            Take();
            Symbol('$');
            Word("the alias");
        }

        string? superclass = null;
        if (_token.IsSymbol(':'))
        {
            Take();
            superclass = Word("the superclass");
        }

        var properties = new List<CimProperty>();
        var methods = new List<CimMethod>();
        Symbol('{');
        while (!_token.IsSymbol('}'))
        {
            if (properties.Count + methods.Count >= MaxMembers)
            {
                throw Error($"a class has at most {MaxMembers} members");
            }

            ParseMember(properties, methods);
        }

        Take();
        Symbol(';');
        return new MofClass(name, superclass, qualifiers, properties, methods, line, column);
    }

    // member = type ["ref"] name ( "(" parameters ")" | [ "[" size "]" ] [ "=" default ] ) ";"

    private void ParseMember(List<CimProperty> properties, List<CimMethod> methods)
    {
        var qualifiers = ParseQualifiers();
        if (_token.IsWord("void"))
        {
            ParseVoidMethod(qualifiers, methods);
            return;
        }

        var (type, className) = ParseType(qualifiers);
        var name = Word("a name");
        if (_token.IsSymbol('('))
        {
            Take();
            methods.Add(new CimMethod(name, type, ParseParameters()) { Qualifiers = qualifiers });
            Symbol(';');
            return;
        }

        var isArray = ParseArraySize();
        CimValue value = default;
        if (_token.IsSymbol('='))
        {
            Take();
            value = Fit(_token.IsSymbol('{') ? ParseArray() : ParseConstant(), type);
        }

        Symbol(';');
        properties.Add(new CimProperty(name, type) { IsArray = isArray, ClassName = className, Qualifiers = qualifiers, Default = value });
    }

    // Not in DSP0004, but Windows' providers declare methods that return nothing.
    private void ParseVoidMethod(CimQualifiers qualifiers, List<CimMethod> methods)
    {
        Take();
        var name = Word("a method");
        if (!_token.IsSymbol('('))
        {
            throw Error("only a method can be void");
        }

        Take();
        methods.Add(new CimMethod(name, null, ParseParameters()) { Qualifiers = qualifiers });
        Symbol(';');
    }

    private List<CimParameter> ParseParameters()
    {
        var parameters = new List<CimParameter>();
        while (!_token.IsSymbol(')'))
        {
            if (parameters.Count > 0)
            {
                Symbol(',');
            }

            if (parameters.Count >= MaxMembers)
            {
                throw Error($"a method has at most {MaxMembers} parameters");
            }

            var qualifiers = ParseQualifiers();
            var (type, className) = ParseType(qualifiers);
            var name = Word("a parameter");
            parameters.Add(new CimParameter(name, type) { IsArray = ParseArraySize(), ClassName = className, Qualifiers = qualifiers });
        }

        Take();
        return parameters;
    }

    private (CimType Type, string? ClassName) ParseType(CimQualifiers qualifiers)
    {
        var name = Word("a type");
        if (_token.IsWord("ref"))
        {
            Take();
            return (CimType.Reference, name);
        }

        if (!CimTypes.TryParse(name, out var type))
        {
            throw Error($"'{name}' is not a type");
        }

        // An embedded instance is declared as a string with a qualifier.
        if (qualifiers["EmbeddedInstance"] is { Kind: CimValueKind.String } embedded)
        {
            return (CimType.Instance, embedded.AsString());
        }

        return (qualifiers.IsSet("EmbeddedObject") ? CimType.Instance : type, null);
    }

    private bool ParseArraySize()
    {
        if (!_token.IsSymbol('['))
        {
            return false;
        }

        Take();
        if (_token.Kind == MofTokenKind.Number)
        {
            Take();
        }

        Symbol(']');
        return true;
    }

    private CimValue ParseArray()
    {
        var values = new List<CimValue>();
        Symbol('{');
        while (!_token.IsSymbol('}'))
        {
            if (values.Count > 0)
            {
                Symbol(',');
            }

            values.Add(ParseConstant());
        }

        Take();
        return (CimValue[])[.. values];
    }

    // constant = text | number | character | TRUE | FALSE | NULL | $alias

    private CimValue ParseConstant()
    {
        var token = _token;
        switch (token.Kind)
        {
            case MofTokenKind.Text or MofTokenKind.Character:
                Take();
                return token.Text;
            case MofTokenKind.Number:
                Take();
                return ParseNumber(token);
            case MofTokenKind.Identifier when token.IsWord("true") || token.IsWord("false"):
                Take();
                return token.IsWord("true");
            case MofTokenKind.Identifier when token.IsWord("null"):
                Take();
                return default;
            case MofTokenKind.Symbol when token.IsSymbol('$'):
                Take();
                return Word("an alias");
            default:
                throw Error("a constant was expected");
        }
    }

    // decimal, 0x hexadecimal, 0 octal, binary with b, or real

    private static CimValue ParseNumber(MofToken token)
    {
        var text = token.Text;
        var negative = text[0] == '-';
        var digits = text.TrimStart('+', '-');
        try
        {
            if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            {
                return Signed(Convert.ToUInt64(digits[2..], 16), negative);
            }

            if (digits[^1] is 'b' or 'B')
            {
                return Signed(Convert.ToUInt64(digits[..^1], 2), negative);
            }

            if (digits.Length > 1 && digits[0] == '0' && digits.All(char.IsAsciiDigit))
            {
                return Signed(Convert.ToUInt64(digits, 8), negative);
            }

            if (digits.All(char.IsAsciiDigit))
            {
                return Signed(ulong.Parse(digits, CultureInfo.InvariantCulture), negative);
            }

            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new MofException($"'{text}' is not a number", token.Line, token.Column);
        }
    }

    private static CimValue Signed(ulong number, bool negative) => !negative ? number : checked(-(long)number);

    private CimValue Fit(CimValue value, CimType type) => value.Kind switch
    {
        CimValueKind.Array => (CimValue[])[.. value.AsArray().Select(v => Fit(v, type))],
        CimValueKind.Null => default,
        CimValueKind.String when type is CimType.Reference or CimType.Instance => default,
        _ => InstanceReader.TryParse(value.ToString(), type, out var fitting) ? fitting : throw Error($"'{value}' does not fit {type.MofName()}"),
    };

    private void SkipToSemicolon()
    {
        var depth = 0;
        while (depth > 0 || !_token.IsSymbol(';'))
        {
            if (_token.Kind == MofTokenKind.End)
            {
                throw Error("';' was expected");
            }

            depth += _token.IsSymbol('{') ? 1 : _token.IsSymbol('}') ? -1 : 0;
            Take();
        }

        Take();
    }

    private void Take() => _token = _lexer.Next();

    private string Word(string what)
    {
        if (_token.Kind != MofTokenKind.Identifier)
        {
            throw Error($"{what} was expected");
        }

        var text = _token.Text;
        Take();
        return text;
    }

    private void Symbol(char symbol)
    {
        if (!_token.IsSymbol(symbol))
        {
            throw Error($"'{symbol}' was expected");
        }

        Take();
    }

    private MofException Error(string problem) => new(
        _token.Kind == MofTokenKind.End ? problem + ", but the text ends" : $"{problem}, not '{_token.Text}'", _token.Line, _token.Column);
}
