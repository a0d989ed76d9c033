using Farwire.Events.Records;

namespace Farwire.Events.Queries;

/// <summary>A test on an element and its place among those that the step found.</summary>
internal delegate bool ElementTest(EventElement element, int position);

/// <summary>Calls <paramref name="test"/> with each value until it holds; true when it did.</summary>
internal delegate bool AnyValue(EventElement element, int position, Func<string, bool> test);

/// <summary>Turns a parsed query into tests on the elements of an event.</summary>
/// <remarks>XPath 1.0, "Location Paths" and "Expressions". Several nodes compare true when one of them does.</remarks>
internal sealed class XPathCompiler(TimeProvider time, StringComparison texts)
{
    /// <summary>A test that is given the parent of <c>Event</c>.</summary>
    public ElementTest Compile(XPathNode node)
    {
        switch (node)
        {
            case LogicNode { IsAnd: true } and:
                var (first, second) = (Compile(and.Left), Compile(and.Right));
                return (element, position) => first(element, position) && second(element, position);
            case LogicNode or:
                var (either, other) = (Compile(or.Left), Compile(or.Right));
                return (element, position) => either(element, position) || other(element, position);
            case CompareNode comparison:
                return Compare(comparison);
            case PathNode path:
                var walk = Path(path);
                return (element, position) => walk(element, position, static _ => true);
            case NumberNode number: // [2] is short for [position()=2]
                return (_, position) => position == number.Value;
            case BandNode or TimeDiffNode:
                var value = Values(node);
                return (element, position) => value(element, position, static text => text is not "0");
            default:
                throw new EventQueryException("a text or position() alone says neither yes nor no.");
        }
    }

    private ElementTest Compare(CompareNode node)
    {
        var (comparison, left, right) = (node.Operator, node.Left, node.Right);
        if (left is NumberNode or LiteralNode)
        {
            (comparison, left, right) = (Comparison.Mirrored(comparison), right, left);
        }

        var values = Values(left);
        switch (right)
        {
            case NumberNode { Value: var number }:
                Func<string, bool> isNumber = value => Comparison.WithNumber(comparison, value, number);
                return (element, position) => values(element, position, isNumber);
            case LiteralNode { Value: var text } when left is BandNode or TimeDiffNode or PositionNode:
                return EventNumber.TryParse(text, out var asNumber)
                    ? (element, position) => values(element, position, value => Comparison.WithNumber(comparison, value, asNumber))
                    : throw new EventQueryException($"'{text}' is not a number.");
            case LiteralNode { Value: var text }:
                Func<string, bool> isText = value => Comparison.WithText(comparison, value, text, texts);
                return (element, position) => values(element, position, isText);
            default:
                var others = Values(right);
                return (element, position) =>
                    values(element, position, value => others(element, position, other => Comparison.WithText(comparison, value, other, texts)));
        }
    }

    private AnyValue Values(XPathNode node)
    {
        switch (node)
        {
            case PathNode path:
                return Path(path);
            case NumberNode { Value: var number }:
                var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return (_, _, test) => test(text);
            case LiteralNode { Value: var literal }:
                return (_, _, test) => test(literal);
            case PositionNode:
                return static (_, position, test) => test(position.ToString(System.Globalization.CultureInfo.InvariantCulture));
            case BandNode band:
                var (left, right) = (Values(band.Left), Values(band.Right));
                return (element, position, test) => left(element, position, l => right(element, position, r => Band(l, r) is { } bits && test(bits)));
            case TimeDiffNode { To: null } difference:
                var from = Values(difference.From);
                return (element, position, test) => from(element, position, f => TimeDiff(f, null) is { } span && test(span));
            case TimeDiffNode difference:
                var (begin, end) = (Values(difference.From), Values(difference.To!));
                return (element, position, test) => begin(element, position, b => end(element, position, e => TimeDiff(b, e) is { } span && test(span)));
            default:
                throw new EventQueryException("a comparison needs a value on both sides.");
        }
    }

    private static string? Band(string left, string right)
    {
        if (!EventNumber.TryParse(left, out var l) || !EventNumber.TryParse(right, out var r)
            || l is < 0 or > ulong.MaxValue || r is < 0 or > ulong.MaxValue)
        {
            return null;
        }

        return ((ulong)l & (ulong)r).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string? TimeDiff(string from, string? to)
    {
        if (!EventTime.TryParse(from, out var begin))
        {
            return null;
        }

        DateTime end;
        if (to is null)
        {
            end = time.GetUtcNow().UtcDateTime;
        }
        else if (!EventTime.TryParse(to, out end))
        {
            return null;
        }

        return ((long)(end - begin).TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private AnyValue Path(PathNode path)
    {
        AnyValue? rest = null;
        for (var i = path.Steps.Length - 1; i >= 0; i--)
        {
            rest = Step(path.Steps[i], rest);
        }

        return rest!;
    }

    private AnyValue Step(XPathStep step, AnyValue? rest)
    {
        if (step.IsAttribute)
        {
            return (element, _, test) =>
            {
                foreach (var attribute in element.AttributeSpan)
                {
                    if (step.Takes(attribute.Key) && test(attribute.Value))
                    {
                        return true;
                    }
                }

                return false;
            };
        }

        var predicates = step.Predicates.Select(Compile).ToArray();
        return (element, _, test) =>
        {
            // A place is counted among those that passed the predicates before.
            Span<int> places = stackalloc int[predicates.Length + 1];
            foreach (var child in element.ChildSpan)
            {
                if (!step.Takes(child.Name))
                {
                    continue;
                }

                var passed = true;
                for (var i = 0; i < predicates.Length && passed; i++)
                {
                    passed = predicates[i](child, ++places[i]);
                }

                if (passed && (rest is null ? test(child.Value) : rest(child, ++places[predicates.Length], test)))
                {
                    return true;
                }
            }

            return false;
        };
    }
}
