using Farwire.Events.Records;

namespace Farwire.Events.Queries;

/// <summary>Finds the fields of the filter form in an XPath. Each field may be asked for once; whatever else stands there has no field.</summary>
internal static class FilterFormReader
{
    /// <summary>The form, or null when the query says more.</summary>
    public static FilterForm? Read(XPathNode query)
    {
        FilterForm? form = new();
        if (query is not PathNode { Steps: [{ IsAttribute: false } top] })
        {
            return null;
        }

        foreach (var term in top.Predicates.SelectMany(Terms))
        {
            if (term is not PathNode { Steps: [{ IsAttribute: false, Name: "System" } system] })
            {
                return null;
            }

            foreach (var condition in WithRanges(system.Predicates.SelectMany(Terms)))
            {
                form = form is null ? null : Add(form, condition);
            }
        }

        return form;
    }

    private static FilterForm? Add(FilterForm form, XPathNode condition) => condition switch
    {
        PathNode { Steps: [{ IsAttribute: false, Name: "Provider", Predicates: [var names] }] } when form.Providers.Count == 0 && Texts(names, "Name", isAttribute: true) is { } providers =>
            form with { Providers = providers },
        PathNode { Steps: [{ IsAttribute: false, Name: "Security", Predicates: [var user] }] } when form.UserId is null && Texts(user, "UserID", isAttribute: true) is [var sid] =>
            form with { UserId = sid },
        PathNode { Steps: [{ IsAttribute: false, Name: "TimeCreated", Predicates: var times }] } => times.SelectMany(Terms).Aggregate((FilterForm?)form, static (form, time) => form is null ? null : AddTime(form, time)),
        BandNode { Left: PathNode path, Right: NumberNode { Value: >= 0 and <= ulong.MaxValue and var bits } } when form.Keywords is null && Is(path, "Keywords", isAttribute: false) =>
            form with { Keywords = (ulong)bits },
        _ when form.Levels.Count == 0 && Numbers(condition, "Level") is { } levels => form with { Levels = levels },
        _ when form.Tasks.Count == 0 && Numbers(condition, "Task") is { } tasks => form with { Tasks = tasks },
        _ when form.Channels.Count == 0 && Texts(condition, "Channel", isAttribute: false) is { } channels => form with { Channels = channels },
        _ when form.Computers.Count == 0 && Texts(condition, "Computer", isAttribute: false) is { } computers => form with { Computers = computers },
        _ when Excluded(condition) is { } left => form with { EventIds = [.. form.EventIds, left] },
        _ when !form.EventIds.Any(range => !range.IsExcluded) && Ranges(condition) is { } ids => form with { EventIds = [.. ids, .. form.EventIds] },
        _ => null,
    };

    private static FilterForm? AddTime(FilterForm form, XPathNode condition) => condition switch
    {
        CompareNode { Operator: XPathToken.LessOrEqual, Left: TimeDiffNode { From: PathNode path, To: null }, Right: NumberNode { Value: >= 0 and < 1e15m and var milliseconds } }
            when form.Last is null && Is(path, "SystemTime", isAttribute: true) => form with { Last = TimeSpan.FromMilliseconds((double)milliseconds) },
        CompareNode { Operator: XPathToken.GreaterOrEqual, Left: PathNode path, Right: LiteralNode { Value: var text } }
            when form.From is null && Is(path, "SystemTime", isAttribute: true) && EventTime.TryParse(text, out var from) => form with { From = from },
        CompareNode { Operator: XPathToken.LessOrEqual, Left: PathNode path, Right: LiteralNode { Value: var text } }
            when form.To is null && Is(path, "SystemTime", isAttribute: true) && EventTime.TryParse(text, out var to) => form with { To = to },
        _ => null,
    };

    // a and b and c
    private static IEnumerable<XPathNode> Terms(XPathNode node) => node is LogicNode { IsAnd: true } and ? Terms(and.Left).Concat(Terms(and.Right)) : [node];

    // Parentheses leave no trace: a range of ids that stands alone is two conditions, one after the other.
    private static IEnumerable<XPathNode> WithRanges(IEnumerable<XPathNode> terms)
    {
        XPathNode? first = null;
        foreach (var term in terms)
        {
            if (first is not null && Number(first, "EventID", XPathToken.GreaterOrEqual) is not null && Number(term, "EventID", XPathToken.LessOrEqual) is not null)
            {
                yield return new LogicNode(true, first, term);
                first = null;
                continue;
            }

            if (first is not null)
            {
                yield return first;
            }

            first = term;
        }

        if (first is not null)
        {
            yield return first;
        }
    }

    // a or b or c
    private static IEnumerable<XPathNode> Choices(XPathNode node) => node is LogicNode { IsAnd: false } or ? Choices(or.Left).Concat(Choices(or.Right)) : [node];

    private static bool Is(PathNode path, string name, bool isAttribute) => path.Steps is [{ Predicates.Count: 0 } step] && step.Name == name && step.IsAttribute == isAttribute;

    private static List<string>? Texts(XPathNode node, string name, bool isAttribute) => All(node, choice =>
        choice is CompareNode { Operator: XPathToken.Equal, Left: PathNode path, Right: LiteralNode text } && Is(path, name, isAttribute) ? text.Value : null);

    private static int[]? Numbers(XPathNode node, string name) => All(node, choice => Number(choice, name, XPathToken.Equal) is { } number ? (object)number : null) is { } all ? [.. all.Cast<int>()] : null;

    private static List<EventIdRange>? Ranges(XPathNode node) => All(node, static choice =>
        Number(choice, "EventID", XPathToken.Equal) is { } one ? new EventIdRange(one, one)
        : choice is LogicNode { IsAnd: true } and && Number(and.Left, "EventID", XPathToken.GreaterOrEqual) is { } first && Number(and.Right, "EventID", XPathToken.LessOrEqual) is { } last && first <= last
            ? new EventIdRange(first, last)
        : null);

    private static EventIdRange? Excluded(XPathNode node) =>
        Number(node, "EventID", XPathToken.NotEqual) is { } one ? new EventIdRange(one, one, IsExcluded: true)
        : node is LogicNode { IsAnd: false } or && Number(or.Left, "EventID", XPathToken.Less) is { } first && Number(or.Right, "EventID", XPathToken.Greater) is { } last && first <= last
            ? new EventIdRange(first, last, IsExcluded: true)
        : null;

    private static int? Number(XPathNode node, string name, XPathToken comparison) =>
        node is CompareNode { Left: PathNode path, Right: NumberNode { Value: >= 0 and <= int.MaxValue and var number } } compare && compare.Operator == comparison && Is(path, name, isAttribute: false) && number == decimal.Truncate(number)
            ? (int)number : null;

    private static List<T>? All<T>(XPathNode node, Func<XPathNode, T?> read)
        where T : class
    {
        var all = new List<T>();
        foreach (var choice in Choices(node))
        {
            if (read(choice) is not { } value)
            {
                return null;
            }

            all.Add(value);
        }

        return all;
    }
}
