using System.Buffers;

namespace Farwire.Events.Records;

/// <summary>What an <see cref="EventScanner"/> stands at.</summary>
internal enum EventToken
{
    /// <summary>The text is over.</summary>
    End,

    /// <summary>The XML is broken here; nothing follows.</summary>
    Broken,

    /// <summary>The start of an element; <see cref="EventScanner.IsEmpty"/> says that its end comes with it.</summary>
    StartElement,

    /// <summary>The end of an element.</summary>
    EndElement,

    /// <summary>Text, or a CDATA section.</summary>
    Text,
}

/// <summary>Walks the XML of one event without a DOM and without stopping at characters that XML 1.0 forbids.</summary>
/// <remarks>
/// XML 1.0 as event logs write it: no document type, no entities beyond the five and character references. A strict reader would refuse a whole
/// batch for one control character in a user's text; here the event stays readable and only a broken structure counts.
/// </remarks>
internal ref struct EventScanner(ReadOnlySpan<char> xml)
{
    private const int MaxDepth = 128;

    internal static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n/>=<\"'");

    private readonly ReadOnlySpan<char> _xml = xml;
    private int _at;
    private int _attributesStart;
    private int _attributesEnd;
    private int[]? _open;
    private int _depth;
    private bool _rootSeen;

    /// <summary>The name of the element at hand without its prefix.</summary>
    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>The element at hand has no content, and no end of its own will come.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>The text at hand as written, entities and all; see <see cref="EventEntities.Decode"/>.</summary>
    public ReadOnlySpan<char> RawText { get; private set; }

    /// <summary>The text at hand is a CDATA section: nothing in it stands for anything else.</summary>
    public bool IsLiteral { get; private set; }

    /// <summary>Elements that are open, the one at hand not counted.</summary>
    public readonly int Depth => _depth;

    /// <summary>Where the scanner stands.</summary>
    public readonly int Position => _at;

    /// <summary>What is wrong, after <see cref="EventToken.Broken"/>.</summary>
    public string? Problem { get; private set; }

    public EventToken Next()
    {
        while (true)
        {
            if (_at >= _xml.Length)
            {
                return _depth > 0 ? Break("the text ends inside an element") : _rootSeen ? EventToken.End : Break("there is no element");
            }

            if (_xml[_at] != '<')
            {
                var length = _xml[_at..].IndexOf('<');
                RawText = length < 0 ? _xml[_at..] : _xml.Slice(_at, length);
                _at += RawText.Length;
                if (_depth > 0)
                {
                    IsLiteral = false;
                    return EventToken.Text;
                }

                if (!RawText.Trim("\uFEFF \t\r\n").IsEmpty)
                {
                    return Break("there is text outside of the event");
                }

                continue;
            }

            var rest = _xml[_at..];
            if (rest.StartsWith("</"))
            {
                return EndTag(rest);
            }

            if (rest.StartsWith("<!--"))
            {
                if (!Pass(rest, "-->"))
                {
                    return Break("a comment has no end");
                }
            }
            else if (rest.StartsWith("<![CDATA["))
            {
                var end = rest.IndexOf("]]>");
                if (end < 0 || _depth == 0)
                {
                    return Break("a CDATA section has no end");
                }

                RawText = rest[9..end];
                IsLiteral = true;
                _at += end + 3;
                return EventToken.Text;
            }
            else if (rest.StartsWith("<?"))
            {
                if (!Pass(rest, "?>"))
                {
                    return Break("a declaration has no end");
                }
            }
            else if (rest.StartsWith("<!"))
            {
                return Break("a document type is not taken");
            }
            else
            {
                return StartTag(rest);
            }
        }
    }

    /// <summary>The decoded value of an attribute of the element at hand; false when it has none of this name.</summary>
    public readonly bool TryAttribute(ReadOnlySpan<char> name, out ReadOnlySpan<char> rawValue)
    {
        var attributes = Attributes();
        while (attributes.MoveNext())
        {
            if (attributes.Name.SequenceEqual(name))
            {
                rawValue = attributes.RawValue;
                return true;
            }
        }

        rawValue = default;
        return false;
    }

    /// <summary>The attributes of the element at hand, namespace declarations left out.</summary>
    public readonly EventAttributes Attributes() => new(_xml[_attributesStart.._attributesEnd]);

    private bool Pass(ReadOnlySpan<char> rest, ReadOnlySpan<char> end)
    {
        var at = rest.IndexOf(end);
        if (at < 0)
        {
            return false;
        }

        _at += at + end.Length;
        return true;
    }

    private EventToken StartTag(ReadOnlySpan<char> rest)
    {
        if (_depth == 0 && _rootSeen)
        {
            return Break("there is a second event");
        }

        var nameLength = rest[1..].IndexOfAny(NameEnds);
        if (nameLength <= 0)
        {
            return Break("an element has no name");
        }

        var start = _at + 1;
        _rootSeen = true;
        Name = WithoutPrefix(rest.Slice(1, nameLength));
        _at += 1 + nameLength;
        _attributesStart = _at;
        while (_at < _xml.Length)
        {
            var c = _xml[_at];
            switch (c)
            {
                case '>':
                    _attributesEnd = _at;
                    _at++;
                    IsEmpty = false;
                    return Push(start, nameLength);
                case '/' when _at + 1 < _xml.Length && _xml[_at + 1] == '>':
                    _attributesEnd = _at;
                    _at += 2;
                    IsEmpty = true;
                    return EventToken.StartElement;
                case ' ' or '\t' or '\r' or '\n':
                    _at++;
                    break;
                default:
                    if (!PassAttribute())
                    {
                        return Break("an attribute is not of the form name=\"value\"");
                    }

                    break;
            }
        }

        return Break("a tag has no end");
    }

    private bool PassAttribute()
    {
        var rest = _xml[_at..];
        var nameLength = rest.IndexOfAny(NameEnds);
        if (nameLength <= 0)
        {
            return false;
        }

        var at = nameLength;
        while (at < rest.Length && char.IsWhiteSpace(rest[at]))
        {
            at++;
        }

        if (at >= rest.Length || rest[at] != '=')
        {
            return false;
        }

        at++;
        while (at < rest.Length && char.IsWhiteSpace(rest[at]))
        {
            at++;
        }

        if (at >= rest.Length || rest[at] is not ('"' or '\''))
        {
            return false;
        }

        var length = rest[(at + 1)..].IndexOf(rest[at]);
        if (length < 0 || rest.Slice(at + 1, length).Contains('<'))
        {
            return false;
        }

        _at += at + length + 2;
        return true;
    }

    private EventToken Push(int nameStart, int nameLength)
    {
        if (_depth == MaxDepth)
        {
            return Break($"elements lie more than {MaxDepth} deep");
        }

        _open ??= new int[MaxDepth * 2];
        _open[_depth * 2] = nameStart;
        _open[(_depth * 2) + 1] = nameLength;
        _depth++;
        return EventToken.StartElement;
    }

    private EventToken EndTag(ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOf('>');
        if (length < 0 || _depth == 0)
        {
            return Break("an end tag is incomplete or stands alone");
        }

        var name = rest[2..length].TrimEnd();
        if (!name.SequenceEqual(_xml.Slice(_open![(_depth - 1) * 2], _open[((_depth - 1) * 2) + 1])))
        {
            return Break("an end tag does not match its start");
        }

        _depth--;
        _at += length + 1;
        Name = WithoutPrefix(name);
        return EventToken.EndElement;
    }

    private EventToken Break(string problem)
    {
        Problem = problem;
        _at = _xml.Length;
        return EventToken.Broken;
    }

    internal static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> name) => name[(name.IndexOf(':') + 1)..];
}
